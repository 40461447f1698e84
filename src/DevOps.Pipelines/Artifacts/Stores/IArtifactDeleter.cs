namespace DevOps.Pipelines;

/// <summary>An optional ability of a store: to forget artifacts.</summary>
public interface IArtifactDeleter
{
    /// <summary>Removes an artifact's bytes; another artifact with the same bytes loses them too.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    /// <returns>Whether there was something to remove.</returns>
    Task<bool> DeleteAsync(Artifact artifact, CancellationToken cancellationToken = default);
}
