namespace DevOps.Pipelines;

/// <summary>What a job does with a cache.</summary>
public enum CachePolicy
{
    /// <summary>It restores it, and saves it again.</summary>
    PullPush,

    /// <summary>It restores it only.</summary>
    Pull,

    /// <summary>It saves it only.</summary>
    Push,
}
