namespace DevOps.Pipelines;

/// <summary>What came of saving to a cache.</summary>
public enum CacheSaveOutcome
{
    /// <summary>It is in the cache now.</summary>
    Saved,

    /// <summary>It was there already.</summary>
    AlreadyThere,

    /// <summary>It was not to be saved.</summary>
    NotAsked,

    /// <summary>It could not be saved; the job goes on.</summary>
    Failed,
}
