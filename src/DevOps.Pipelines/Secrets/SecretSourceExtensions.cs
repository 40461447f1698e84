namespace DevOps.Pipelines;

/// <summary>What can be done with any source of secrets.</summary>
public static class SecretSourceExtensions
{
    /// <summary>Returns a secret that must be there.</summary>
    /// <param name="source">Where to look.</param>
    /// <param name="name">The name of the secret.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="SecretNotFoundException">The source has no such secret, or an empty one.</exception>
    /// <exception cref="SecretSourceException">The source failed.</exception>
    public static async ValueTask<Secret> GetAsync(this ISecretSource source, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return await source.FindAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new SecretNotFoundException(name, source is ChainedSecrets chain ? chain.SourceNames : [source.Name]);
    }
}
