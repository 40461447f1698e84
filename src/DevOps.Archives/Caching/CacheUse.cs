namespace DevOps.Archives.Caching;

/// <summary>What a cache did for one pack.</summary>
public sealed record CacheUse
{
    /// <summary>Gets where the archive came from.</summary>
    public required CacheOutcome Outcome { get; init; }

    /// <summary>Gets how many segments were there already compressed; 0 where the archive itself was found.</summary>
    public required long ReusedSegments { get; init; }

    /// <summary>Gets how many segments were compressed, those included whose content does not get smaller and which are not looked up.</summary>
    public required long CompressedSegments { get; init; }

    /// <summary>Gets how many times the cache could not be read or written, or held something damaged. None of them changes the archive.</summary>
    public required long FailureCount { get; init; }

    /// <summary>Gets what went wrong first, for people; <see langword="null"/> if nothing did.</summary>
    public string? Warning { get; init; }
}
