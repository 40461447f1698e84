namespace DevOps.Registry.Tests.Contract;

public enum StoreKind
{
    Memory,
    Layout,
    EmbeddedRegistry,
    DockerRegistry,
}
