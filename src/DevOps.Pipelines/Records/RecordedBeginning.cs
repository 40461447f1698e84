using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>How a run began: what it was asked for, and the graph it had.</summary>
internal sealed record RecordedBeginning
{
    internal required string Pipeline { get; init; }

    internal required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets the run that this one took results from.</summary>
    internal string? RestartOf { get; init; }

    internal required ImmutableDictionary<string, string> Parameters { get; init; }

    internal required ImmutableArray<string> Only { get; init; }

    internal required ImmutableArray<string> Skip { get; init; }

    internal required NeededJobs WhatIsNeeded { get; init; }

    internal required ImmutableArray<RecordedNode> Nodes { get; init; }
}
