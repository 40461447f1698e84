using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>How a run ended.</summary>
public sealed record PipelineResult
{
    /// <summary>Gets the run's name.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Gets the pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Gets how the run ended: as the worst of its jobs, where a skipped job adds nothing. A run of no jobs is a success.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Gets why the run as a whole ended so, when no job says it.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets when the run started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets how long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Gets how each job ended, in the order the jobs were added. Jobs that are not part of the run are missing.</summary>
    public required ImmutableArray<JobResult> Jobs { get; init; }

    /// <summary>Gets the approvals that the run waits for. When there are any it has not ended: it was left, to be resumed.</summary>
    public ImmutableArray<PendingApproval> Waiting { get; init; } = [];

    /// <summary>Gets the errors of the work that followed the run.</summary>
    public ImmutableArray<JobError> PostErrors { get; init; } = [];

    /// <summary>Gets the error of the observer in <see cref="RunOptions.Progress"/>, if it failed: it was told nothing after that, and the run went on.</summary>
    public Exception? ProgressError { get; init; }

    /// <summary>Gets the jobs that the run failed of, first those that failed first. Jobs of the end of the run are among them only if nothing else failed.</summary>
    public ImmutableArray<JobResult> RootCauses
    {
        get
        {
            ImmutableArray<JobResult> failed = [.. Jobs.Where(job => job.Outcome.IsFailed()).OrderBy(job => job.StartedAt + job.Duration)];
            return failed.Any(job => !job.IsTeardown) ? [.. failed.Where(job => !job.IsTeardown)] : failed;
        }
    }
}
