using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A job in a plan.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Stage">The stage it is in, if it is in one.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Needs">The names of the jobs in the plan that it needs, in the order they were named.</param>
/// <param name="After">The names of the jobs in the plan that it only waits for.</param>
/// <param name="Why">Why it is in the plan.</param>
/// <param name="SkipReason">Why it is known now that it will not run, or <see langword="null"/>.</param>
/// <param name="OpenConditions">Conditions that only the run can answer, as they are written.</param>
public sealed record PlannedJob(
    string Name, string? Stage, string? Description, ImmutableArray<string> Needs, ImmutableArray<string> After, string Why, string? SkipReason, ImmutableArray<string> OpenConditions)
{
    /// <summary>Gets whether it runs once all that it waits for has ended, however it ended.</summary>
    public bool RunsAlways { get; init; }

    /// <summary>Gets whether it runs behind all other jobs, at the end of the run.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Gets in words when else it runs, or the empty text.</summary>
    internal string When => JobFacts.When(RunsAlways, IsFinal);
}
