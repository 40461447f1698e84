namespace DevOps.Pipelines;

/// <summary>An optional ability of a store: to keep itself within a bound.</summary>
public interface IArtifactTrimmer
{
    /// <summary>Removes what was not used for longest, if the store holds more than a bound, until it holds nine tenths of it.</summary>
    /// <param name="maxBytes">The bound.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    /// <returns>How many bytes were removed.</returns>
    Task<long> TrimAsync(long maxBytes, CancellationToken cancellationToken = default);
}
