using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What a run would do. Nothing was run to find it.</summary>
public sealed record PipelinePlan
{
    /// <summary>Gets the pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Gets the jobs, each behind all that it waits for, else in the order they were added.</summary>
    public required ImmutableArray<PlannedJob> Jobs { get; init; }

    /// <summary>Gets the stages that jobs of the plan are in, in order.</summary>
    public ImmutableArray<string> Stages { get; init; } = [];

    /// <summary>Gets the first two jobs whose order is free, or <see langword="null"/> when the jobs can only run one after the other in the order of <see cref="Jobs"/>.</summary>
    public FreeOrder? FreeOrder { get; init; }

    /// <summary>Returns the plan as a list, one job after the other with what is known of it.</summary>
    /// <returns>Lines that each end with a line feed.</returns>
    public string ToListText() => PlanList.Write(this);

    /// <summary>Returns the plan as trees: below each job what it needs, and what it only waits for in parentheses. What a job needs is shown once, where the job first stands.</summary>
    /// <param name="options">How; <see cref="PlanTreeOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>Lines that each end with a line feed.</returns>
    public string ToTreeText(PlanTreeOptions? options = null) => PlanTree.Write(this, options ?? PlanTreeOptions.Default);

    /// <summary>Returns the plan as a flow chart in the language of Mermaid.</summary>
    /// <returns>Lines that each end with a line feed.</returns>
    public string ToMermaid() => PlanMermaid.Write(this);
}
