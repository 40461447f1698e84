namespace DevOps.Registry.Tests.Contract;

public sealed class DockerSourceContractTests() : StoreSourceContract(StoreKind.DockerRegistry);
