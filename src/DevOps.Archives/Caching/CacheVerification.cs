namespace DevOps.Archives.Caching;

/// <summary>What a look at every entry of a cache found.</summary>
/// <param name="CheckedCount">How many archives and segments were read.</param>
/// <param name="RemovedCount">How many of them were damaged, and were removed.</param>
public sealed record CacheVerification(long CheckedCount, long RemovedCount);
