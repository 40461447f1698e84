using DevOps.Oci;

namespace DevOps.Credentials;

/// <summary>Knows credentials for registries.</summary>
public interface ICredentialSource
{
    /// <summary>Returns the credential for a registry, or <see langword="null"/> to ask it anonymously.</summary>
    /// <param name="registry">The registry that will be asked; the credential goes there, or to the token service that it names over TLS, and nowhere else.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    ValueTask<Credential?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default);
}
