namespace DevOps.Pipelines;

/// <summary>What a job found in the cache of dependencies.</summary>
/// <param name="Key">The key, as its inputs were before the job changed any file.</param>
/// <param name="Directory">Where the dependencies are.</param>
/// <param name="Result">What was found, or <see langword="null"/> if the run has no cache.</param>
public sealed record RestoredDependencies(CapturedCacheKey Key, string Directory, CacheResult? Result);
