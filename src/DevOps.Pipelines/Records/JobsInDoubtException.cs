using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A run is not resumed, because jobs had started, nobody knows how they ended, and somebody has to say what to do with them.</summary>
public sealed class JobsInDoubtException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="jobs">The jobs.</param>
    public JobsInDoubtException(string runId, ImmutableArray<InDoubtJob> jobs)
        : base($"The run '{runId}' is not resumed: {string.Join(", ", jobs.Select(job => $"'{job.Job}' (attempt {job.Attempt}, started {job.StartedAt:u})"))} had started, and nobody knows how it ended. Look, then answer with RunOptions.InDoubt whether to rerun it or to count it as failed.") => Jobs = jobs;

    /// <summary>Gets the jobs.</summary>
    public ImmutableArray<InDoubtJob> Jobs { get; }
}
