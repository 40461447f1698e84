using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What came of restoring a cache.</summary>
public sealed record CacheResult
{
    /// <summary>Gets what was found.</summary>
    public required CacheHit Hit { get; init; }

    /// <summary>Gets why, as a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets what went wrong on the way and did no harm; <see langword="null"/> if nothing did.</summary>
    public string? Warning { get; init; }

    /// <summary>Gets what was restored.</summary>
    public Artifact? Artifact { get; init; }

    /// <summary>Gets what differs from what was restored, or from the newest entry of the same name if nothing was. Empty if there is no such entry.</summary>
    public ImmutableArray<InputChange> Changes { get; init; } = [];
}
