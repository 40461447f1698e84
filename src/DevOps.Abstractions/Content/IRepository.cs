using DevOps.Oci;

namespace DevOps.Content;

/// <summary>A repository of a registry: a store with tags that has a name others can use.</summary>
public interface IRepository : IContentStore, ITagStore
{
    /// <summary>Gets the registry that the repository is in.</summary>
    RegistryAddress Registry { get; }

    /// <summary>Gets the repository's name.</summary>
    RepositoryName Name { get; }
}
