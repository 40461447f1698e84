namespace DevOps.Registry.Tests.Contract;

public sealed class EmbeddedRegistryContractTests() : DeletingStoreContract(StoreKind.EmbeddedRegistry);
