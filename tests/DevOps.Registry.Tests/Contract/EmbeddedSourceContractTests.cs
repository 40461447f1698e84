namespace DevOps.Registry.Tests.Contract;

public sealed class EmbeddedSourceContractTests() : StoreSourceContract(StoreKind.EmbeddedRegistry);
