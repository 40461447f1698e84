using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>How a run ended.</summary>
public sealed record PipelineResult
{
    /// <summary>Gets the pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Gets how the run ended: as the worst of its jobs, where a skipped job adds nothing to the failure that caused it.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Gets when the run started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets how long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Gets how each job ended, in the order the jobs were added.</summary>
    public required ImmutableArray<JobResult> Jobs { get; init; }

    /// <summary>Gets the error of the observer in <see cref="RunOptions.Progress"/>, if it failed: it was told nothing after that, and the run went on.</summary>
    public Exception? ProgressError { get; init; }
}
