using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Gives access to the repositories of any registry.</summary>
public interface IRepositoryProvider
{
    /// <summary>Returns a repository. Nothing is sent until it is used.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="name">The repository's name.</param>
    IRepository GetRepository(RegistryAddress registry, RepositoryName name);
}
