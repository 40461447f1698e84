using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Takes one job from its start to its end: conditions, an attempt, another attempt, what follows it. A job's failure is its result, never an exception of the run.</summary>
internal static class JobExecution
{
    internal static async Task RunAsync(JobState job)
    {
        try
        {
            if (job.OpenChildren == 0 && job.Work is { IsExpanded: true })
            {
                AttemptEnd gathered = new(job.ChildrenOutcome.And(Outcome.Success), job.ChildrenOutcome.IsGood() || job.ChildrenOutcome == Outcome.Skipped ? null : $"of its jobs, one {job.ChildrenOutcome.Told()}", null, Failure.None);
                await FinishAsync(job, gathered).ConfigureAwait(false);
                return;
            }

            if (job.Work is null)
            {
                Prepare(job);
                if (MayNotStart(job, out AttemptEnd refused))
                {
                    await FinishUnstartedAsync(job, refused).ConfigureAwait(false);
                    return;
                }
            }
            else if (job.Engine.Stops.ReasonFor(job.Job) is { } reason)
            {
                // It was stopped while it waited to try again.
                AttemptEnd last = job.Work.LastEnd;
                await FinishAsync(job, last with { Outcome = Outcome.Cancelled, Reason = $"{reason} while it waited to try again; the last attempt failed: {last.Reason}" }).ConfigureAwait(false);
                return;
            }

            await AttemptAsync(job).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A journal that cannot be written, or a mistake of the engine: code of users is caught where it is called.
            job.Engine.Fault(job, e);
        }
    }

    private static void Prepare(JobState job)
    {
        TimeProvider time = job.Engine.TimeProvider;
        job.Work = new()
        {
            StartedAt = time.GetUtcNow(),
            StartTimestamp = time.GetTimestamp(),
            Attempt = job.Engine.Setup.Begun.TryGetValue(job.Job.Name, out RecordedAttempt? begun) ? begun.Number : 0,
            QueuedFor = job.QueuedSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero,
        };
    }

    private static bool MayNotStart(JobState job, out AttemptEnd end)
    {
        end = default;
        if (job.Engine.Stops.ReasonFor(job.Job) is { } stopped)
        {
            end = new(Outcome.Cancelled, $"{stopped} before it could start", null, Failure.None);
            return true;
        }

        if (job.Engine.Setup.Begun.ContainsKey(job.Job.Name) && job.Job.Settings.InDoubt == InDoubtPolicy.Fail)
        {
            end = new(Outcome.Failure, "it had started when the run broke off, and nobody knows how it ended", null, Failure.System);
            return true;
        }

        foreach (JobCondition condition in job.Job.Settings.Conditions)
        {
            try
            {
                if (!condition.Test(new(job, job.Engine.Stops.TokenFor(job.Job))))
                {
                    end = new(Outcome.Skipped, $"its condition is not met: {condition.Text}", null, Failure.None);
                    return true;
                }
            }
            catch (Exception e)
            {
                end = new(Outcome.Failure, $"its condition '{condition.Text}' failed: {e.Message}", e, Failure.Exception);
                return true;
            }
        }

        return false;
    }

    private static async Task AttemptAsync(JobState job)
    {
        RunEngine engine = job.Engine;
        JobWorkState work = job.Work!;
        work.Attempt++;
        DateTimeOffset startedAt = engine.TimeProvider.GetUtcNow();
        long start = engine.TimeProvider.GetTimestamp();
        if (engine.Recorder.IsOn)
        {
            Task written = engine.Recorder.JobStartedAsync(job.Job.Name, work.Attempt, startedAt);
            if (job.Job.Settings.InDoubt != InDoubtPolicy.Rerun)
            {
                // Whoever must know that a job may have started has to find it written before it does.
                await written.ConfigureAwait(false);
            }
        }

        engine.Observer.JobStarted(job, startedAt, work.Attempt);
        AttemptEnd end = await AttemptRunner.RunAsync(job).ConfigureAwait(false);
        work.LastEnd = end;
        if (!end.Outcome.IsFailed())
        {
            if (job.Job.Kind == JobKind.Group && end.Outcome.IsGood())
            {
                await ExpandAsync(job, (PipelineBuilder)job.Value!).ConfigureAwait(false);
                return;
            }

            await FinishAsync(job, end).ConfigureAwait(false);
            return;
        }

        JobError error = end.Exception is { } exception
            ? JobErrors.From(exception, end.Kind, engine.Setup.Masker)
            : new(nameof(TimeoutException), engine.Observer.Mask(end.Reason) ?? "", "", end.Kind);
        if (job.Job.Settings.Retry is { } retry)
        {
            work.Attempts = work.Attempts.Add(new(work.Attempt, startedAt, engine.TimeProvider.GetElapsedTime(start), end.Outcome, error));
            if (retry.Allows(work.Attempts.Length, end.Kind, end.Exception) && !engine.Stops.IsStopped(job.Job))
            {
                TimeSpan delay = retry.DelayAfter(work.Attempts.Length);
                engine.Observer.JobRetried(job, work.Attempt, error, delay);
                work.StartOver();
                engine.RetryLater(job, delay);
                return;
            }
        }

        await FinishAsync(job, end).ConfigureAwait(false);
    }

    private static async Task ExpandAsync(JobState job, PipelineBuilder more)
    {
        (job.Value, job.HasValue, job.Work!.IsExpanded) = (null, false, true);
        if (job.Engine.Join(job, more) is { } problem)
        {
            job.Work.IsExpanded = false;
            await FinishAsync(job, new(Outcome.Failure, problem, new PipelineDefinitionException(job.Job.Name, [problem]), Failure.Exception)).ConfigureAwait(false);
        }
    }

    private static async Task FinishAsync(JobState job, AttemptEnd end)
    {
        Outcome outcome = end.Outcome;
        if (outcome.IsFailed() && job.Job.Settings.Tolerance is { } tolerance && tolerance.Covers(end.Exception))
        {
            outcome = Outcome.Unstable;
        }
        else if (outcome == Outcome.Success && job.Work!.Unstable is { } unstable)
        {
            (outcome, end) = (Outcome.Unstable, end with { Reason = unstable });
        }

        ImmutableArray<JobError> postErrors = [];
        if (job.Job.Settings.Post is { } post)
        {
            (outcome, postErrors) = await PostRunner.RunAsync(post, job, outcome, end).ConfigureAwait(false);
        }

        if (end.Outcome.IsFailed() && end.Reason is { } reason)
        {
            LogLines(job, reason);
        }

        JobResult result = RunResults.Worked(job, end, postErrors, outcome);
        if (job.Engine.Recorder.IsOn && !job.Engine.IsFaulted && result.Outcome != Outcome.Cancelled)
        {
            // What depends on the job starts only once this is written.
            await job.Engine.Recorder.JobFinishedAsync(job, result).ConfigureAwait(false);
        }

        job.Engine.End(job, result);
    }

    private static async Task FinishUnstartedAsync(JobState job, AttemptEnd end)
    {
        (job.Outcome, job.EndReason) = (end.Outcome, job.Engine.Observer.Mask(end.Reason));

        // What always runs may stand behind a failure and be skipped all the same for its own condition alone.
        job.IsBehindFailure &= end.Outcome != Outcome.Skipped;
        JobResult result = RunResults.Unstarted(job) with { Error = end.Exception is { } error ? JobErrors.From(error, end.Kind, job.Engine.Setup.Masker) : null };
        if (job.Engine.Recorder.IsOn && !job.Engine.IsFaulted && end.Outcome != Outcome.Cancelled)
        {
            await job.Engine.Recorder.JobFinishedAsync(job, result).ConfigureAwait(false);
        }

        job.Engine.End(job, result);
    }

    private static void LogLines(JobState job, string text)
    {
        foreach (string line in job.Engine.Observer.Mask(text).ReplaceLineEndings("\n").Split('\n'))
        {
            job.Engine.Observer.Log(job, new(job.Engine.TimeProvider.GetUtcNow(), LogSource.Error, line));
        }
    }
}
