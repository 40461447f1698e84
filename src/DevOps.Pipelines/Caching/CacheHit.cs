namespace DevOps.Pipelines;

/// <summary>What was found in a cache.</summary>
public enum CacheHit
{
    /// <summary>Nothing was restored.</summary>
    Miss,

    /// <summary>What was saved for the same key.</summary>
    Exact,

    /// <summary>What was saved for another key that will do.</summary>
    Fallback,

    /// <summary>The policy is not to restore.</summary>
    NotAsked,
}
