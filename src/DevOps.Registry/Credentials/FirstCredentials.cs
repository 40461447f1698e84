using System.Collections.Immutable;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Several sources of credentials as one: the first that has a credential answers.</summary>
/// <remarks>A source that fails in a way it can explain is passed over, and the search says so; what a source throws ends the search.</remarks>
public sealed class FirstCredentials : IExplainedCredentialSource
{
    private readonly ImmutableArray<ICredentialSource> _sources;

    /// <summary>Joins sources.</summary>
    /// <param name="sources">The sources, in the order in which they are asked.</param>
    public FirstCredentials(params IEnumerable<ICredentialSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _sources = [.. sources];
        if (_sources.Any(source => source is null))
        {
            throw new ArgumentException("One of the sources is null.", nameof(sources));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Credential?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default) =>
        (await SearchAsync(registry, null, cancellationToken).ConfigureAwait(false)).Credential;

    /// <inheritdoc/>
    public async ValueTask<CredentialSearch> SearchAsync(RegistryAddress registry, RepositoryName? repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ImmutableArray<CredentialAttempt>.Builder attempts = ImmutableArray.CreateBuilder<CredentialAttempt>();
        foreach (ICredentialSource source in _sources)
        {
            CredentialSearch search = await source.SearchAsync(registry, repository, cancellationToken).ConfigureAwait(false);
            attempts.AddRange(search.Attempts);
            if (search.Credential is not null)
            {
                return new(search.Credential, attempts.ToImmutable());
            }
        }

        return new(null, attempts.ToImmutable());
    }
}
