using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Several sources, asked in order until one has the secret. One that fails ends the search: a secret of another source must not take the place of one that cannot be read just now.</summary>
public sealed class ChainedSecrets : ISecretSource
{
    private readonly ImmutableArray<ISecretSource> _sources;

    /// <summary>Creates the source.</summary>
    /// <param name="sources">The sources, in the order in which they are asked.</param>
    public ChainedSecrets(params IEnumerable<ISecretSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _sources = [.. sources];
        if (_sources.Contains(null!))
        {
            throw new ArgumentException("A source is missing.", nameof(sources));
        }
    }

    /// <inheritdoc/>
    public string Name => _sources.IsEmpty ? "no sources" : string.Join("; ", SourceNames);

    /// <summary>Gets the names of the sources, those of chains in the chain too.</summary>
    internal IReadOnlyList<string> SourceNames => [.. _sources.SelectMany(source => source is ChainedSecrets chain ? chain.SourceNames : [source.Name])];

    /// <inheritdoc/>
    public async ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (ISecretSource source in _sources)
        {
            if (await source.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } secret)
            {
                return secret;
            }
        }

        return null;
    }
}
