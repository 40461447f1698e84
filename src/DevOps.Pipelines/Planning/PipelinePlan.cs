using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What a run would do. Nothing was run to find it.</summary>
public sealed record PipelinePlan
{
    /// <summary>Gets the pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Gets the jobs, each behind all that it waits for, else in the order they were added.</summary>
    public required ImmutableArray<PlannedJob> Jobs { get; init; }
}
