using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What came of looking for a recorded result.</summary>
public sealed record ResultLookup
{
    /// <summary>Gets the result; <see langword="null"/> if the job must run.</summary>
    public RecordedResult? Result { get; init; }

    /// <summary>Gets why, as a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets what went wrong on the way; <see langword="null"/> if nothing did.</summary>
    public string? Warning { get; init; }

    /// <summary>Gets what differs from the newest recorded result of the job. Empty if there is none.</summary>
    public ImmutableArray<InputChange> Changes { get; init; } = [];
}
