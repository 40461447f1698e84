using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What is said of a job beyond its work and its needs. Immutable, so that jobs of which nothing is said share one.</summary>
internal sealed record JobSettings
{
    internal static JobSettings Default { get; } = new();

    internal string? Description { get; init; }

    internal bool RunsAlways { get; init; }

    internal bool IsFinal { get; init; }

    internal ImmutableArray<RunCondition> PlanConditions { get; init; } = [];

    internal ImmutableArray<RunCondition> Preconditions { get; init; } = [];

    internal ImmutableArray<JobCondition> Conditions { get; init; } = [];

    internal TimeSpan? Timeout { get; init; }

    internal RetryOptions? Retry { get; init; }

    internal Tolerance? Tolerance { get; init; }

    internal PostConditions? Post { get; init; }

    internal int Priority { get; init; }

    internal ImmutableArray<string> Locks { get; init; } = [];

    internal ImmutableArray<LimitUse> Limits { get; init; } = [];

    internal ImmutableArray<ResourceGroupUse> Groups { get; init; } = [];

    internal InDoubtPolicy InDoubt { get; init; } = InDoubtPolicy.Rerun;

    internal bool RerunsOnResume { get; init; }

    internal FailFastScope? FailFast { get; init; }

    internal ApprovalOptions? Approval { get; init; }

    internal bool HoldsResources => Locks.Length + Limits.Length + Groups.Length > 0;
}
