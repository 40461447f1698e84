namespace DevOps.Archives.Caching;

/// <summary>Where a packed archive came from.</summary>
public enum CacheOutcome
{
    /// <summary>It was packed, with the compressed segments that were at hand.</summary>
    Packed,

    /// <summary>It was in the cache, and no file was read.</summary>
    FoundByStatus,

    /// <summary>It was in the cache; every file was read and nothing was compressed.</summary>
    FoundByContent,
}
