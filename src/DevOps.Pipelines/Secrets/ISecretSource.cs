namespace DevOps.Pipelines;

/// <summary>A place that secrets come from.</summary>
public interface ISecretSource
{
    /// <summary>Gets what errors call the place; holds no secret.</summary>
    string Name { get; }

    /// <summary>Looks for a secret.</summary>
    /// <param name="name">The name of the secret.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The secret, or <see langword="null"/> when the place holds none of that name, or an empty one.</returns>
    /// <exception cref="ArgumentException">The name cannot be one of this place.</exception>
    /// <exception cref="SecretSourceException">The place failed, so that nobody knows whether it holds the secret.</exception>
    ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default);
}
