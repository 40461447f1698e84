using DevOps.Oci;

namespace DevOps.Credentials;

/// <summary>Asks any source where it looked.</summary>
public static class CredentialSourceExtensions
{
    /// <summary>Looks for the credential of a repository. A source that only knows whole registries is asked for the registry.</summary>
    /// <param name="source">The source.</param>
    /// <param name="registry">The registry that will be asked.</param>
    /// <param name="repository">The repository in it, or <see langword="null"/> for the registry as a whole.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async ValueTask<CredentialSearch> SearchAsync(
        this ICredentialSource source, RegistryAddress registry, RepositoryName? repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(registry);
        if (source is IExplainedCredentialSource explained)
        {
            return await explained.SearchAsync(registry, repository, cancellationToken).ConfigureAwait(false);
        }

        Credential? credential = await source.FindAsync(registry, cancellationToken).ConfigureAwait(false);
        string place = source.GetType().Name;
        return new(credential, [credential is null
            ? new(place, registry.ToString(), CredentialOutcome.NotFound, "none there")
            : new(place, registry.ToString(), CredentialOutcome.Found, $"found a {credential.Kind}")]);
    }
}
