using DevOps.Oci;

namespace DevOps.Credentials;

/// <summary>Knows credentials for registries and for single repositories in them, and says where it looked.</summary>
/// <remarks>An ability of some sources; <see cref="CredentialSourceExtensions.SearchAsync"/> asks any source in this way.</remarks>
public interface IExplainedCredentialSource : ICredentialSource
{
    /// <summary>Looks for the credential of a repository.</summary>
    /// <param name="registry">The registry that will be asked.</param>
    /// <param name="repository">The repository in it, or <see langword="null"/> for the registry as a whole.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The credential, if there is one, and the places that were asked.</returns>
    ValueTask<CredentialSearch> SearchAsync(RegistryAddress registry, RepositoryName? repository, CancellationToken cancellationToken = default);
}
