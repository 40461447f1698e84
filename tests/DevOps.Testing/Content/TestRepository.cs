using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Testing.Content;

/// <summary>A store in memory with a name; it is its own registry.</summary>
public sealed class TestRepository(string registry, string name) : TestStore, IRepository, IRepositoryProvider
{
    public RegistryAddress Registry { get; } = RegistryAddress.Parse(registry);

    public RepositoryName Name { get; } = RepositoryName.Parse(name);

    public IRepository GetRepository(RegistryAddress registry, RepositoryName name) =>
        registry == Registry && name == Name ? this : throw new InvalidOperationException($"The test knows no repository {registry}/{name}.");
}
