using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One credential for one registry, that knows whether it was asked for.</summary>
internal sealed class ProvenCredential(RegistryAddress registry, Credential credential) : IExplainedCredentialSource
{
    internal bool WasAsked { get; private set; }

    public ValueTask<Credential?> FindAsync(RegistryAddress asked, CancellationToken cancellationToken = default)
    {
        WasAsked |= asked == registry;
        return ValueTask.FromResult(asked == registry ? credential : null);
    }

    // Where it comes from, the caller knows.
    public async ValueTask<CredentialSearch> SearchAsync(RegistryAddress asked, RepositoryName? repository, CancellationToken cancellationToken = default) =>
        new(await FindAsync(asked, cancellationToken).ConfigureAwait(false), []);
}
