using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Makes the results of jobs and of the run.</summary>
internal static class RunResults
{
    /// <summary>Returns the result of a job that ended without having worked.</summary>
    internal static JobResult Unstarted(JobState job) => job.Record is { } record
        ? Restored(job, record)
        : new()
        {
            Name = job.Job.Name,
            Stage = job.Job.Stage?.Name,
            Needs = job.Node.NeedNames,
            Outcome = job.Outcome,
            CountsAs = job.Outcome,
            Reason = job.EndReason,
            LastNeed = LastNeedOf(job),
            IsTeardown = job.RunsAlways,
        };

    internal static JobResult Restored(JobState job, RecordedJob record) => record.Result with
    {
        Stage = job.Job.Stage?.Name,
        Needs = job.Node.NeedNames,
        IsTeardown = job.RunsAlways,
        IsRestored = true,
    };

    /// <summary>Returns the name of the job whose end decided, seen through the gates of stages: for a job that did not start the one that blocked it, else the last.</summary>
    private static string? LastNeedOf(JobState job)
    {
        JobState? at = job.LastNeed;
        while (at is { Job.Kind: JobKind.Gate })
        {
            at = at.Blocker ?? at.LastNeed;
        }

        return at?.Job.Name;
    }

    /// <summary>Returns the result of a job that worked, or was about to.</summary>
    internal static JobResult Worked(JobState job, AttemptEnd end, ImmutableArray<JobError> postErrors, Outcome outcome)
    {
        RunEngine engine = job.Engine;
        JobWorkState work = job.Work!;
        bool isTolerated = end.Outcome.IsFailed() && outcome == Outcome.Unstable;
        return new()
        {
            Name = job.Job.Name,
            Stage = job.Job.Stage?.Name,
            Needs = job.Node.NeedNames,
            Outcome = outcome,
            CountsAs = isTolerated ? job.Job.Settings.Tolerance!.CountsAs : outcome,
            StartedAt = work.StartedAt,
            Duration = engine.TimeProvider.GetElapsedTime(work.StartTimestamp),
            Reason = engine.Observer.Mask(end.Reason ?? (outcome == Outcome.Success ? null : postErrors.FirstOrDefault()?.Message)),
            Error = end.Exception is { } error ? JobErrors.From(error, end.Kind, engine.Setup.Masker) : null,
            PostErrors = postErrors,
            Attempts = work.Attempts.Length > 1 ? work.Attempts : [],
            Steps = work.Steps,
            Log = work.Log?.Lines ?? [],
            LastNeed = LastNeedOf(job),
            QueuedFor = work.QueuedFor,
            QueuedBehind = job.QueuedBehind,
            IsTeardown = job.RunsAlways,
        };
    }
}
