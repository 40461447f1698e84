namespace DevOps.Registry.Tests.Contract;

public sealed class DockerRegistryContractTests() : DeletingStoreContract(StoreKind.DockerRegistry);
