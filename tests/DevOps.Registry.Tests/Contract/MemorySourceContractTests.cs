namespace DevOps.Registry.Tests.Contract;

public sealed class MemorySourceContractTests() : StoreSourceContract(StoreKind.Memory);
