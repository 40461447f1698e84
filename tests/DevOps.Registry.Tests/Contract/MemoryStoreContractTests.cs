namespace DevOps.Registry.Tests.Contract;

public sealed class MemoryStoreContractTests() : DeletingStoreContract(StoreKind.Memory);
