using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Takes one job from its start to its end: conditions, an attempt, another attempt, what follows it. A job's failure is its result, never an exception of the run.</summary>
internal static class JobExecution
{
    /// <summary>Takes the job one stretch of its way.</summary>
    /// <returns>A job that may start because this one ended, for the same thread; or <see langword="null"/>.</returns>
    internal static async ValueTask<JobState?> RunAsync(JobState job)
    {
        try
        {
            if (job is { OpenChildren: 0, WorkIfAny.IsExpanded: true })
            {
                AttemptEnd gathered = new(job.ChildrenOutcome.And(Outcome.Success), job.ChildrenOutcome.IsGood() || job.ChildrenOutcome == Outcome.Skipped ? null : $"of its jobs, one {job.ChildrenOutcome.Told()}", null, Failure.None);
                return await FinishAsync(job, gathered).ConfigureAwait(false);
            }

            if (!job.HasBegun)
            {
                Prepare(job);
                if (MayNotStart(job, out AttemptEnd refused))
                {
                    return await FinishUnstartedAsync(job, refused).ConfigureAwait(false);
                }
            }
            else if (job.Engine.Stops.ReasonFor(job.Job) is { } reason)
            {
                return await FinishWaitingAsync(job, reason).ConfigureAwait(false);
            }

            if (job.Attempt == 0 && await CachedWork.TryTakeAsync(job).ConfigureAwait(false))
            {
                return await FinishCachedAsync(job).ConfigureAwait(false);
            }

            return await AttemptAsync(job).ConfigureAwait(false);
        }
        catch (AbandonedException)
        {
            // Another thread ended the attempt, and goes on.
            return null;
        }
        catch (Exception e)
        {
            // A journal that cannot be written, or a mistake of the engine: code of users is caught where it is called.
            job.Engine.Fault(job, e);
            return null;
        }
    }

    /// <summary>Ends a job in the stead of the thread that its code blocks.</summary>
    internal static async Task AbandonAsync(JobState job, AttemptEnd end)
    {
        try
        {
            if (await FinishAsync(job, end).ConfigureAwait(false) is { } next)
            {
                job.Engine.Options.Dispatcher.Start(next);
            }
        }
        catch (Exception e)
        {
            job.Engine.Fault(job, e);
        }
    }

    private static void Prepare(JobState job)
    {
        TimeProvider time = job.Engine.TimeProvider;
        job.HasBegun = true;
        (job.StartedAt, job.StartTimestamp) = (time.GetUtcNow(), time.GetTimestamp());
        if (job.Engine.Setup.Begun.Count > 0 && job.Engine.Setup.Begun.TryGetValue(job.Job.Name, out RecordedAttempt? begun))
        {
            job.Attempt = begun.Number;
        }

        if (job.QueuedSince is { } since)
        {
            job.Work.QueuedFor = time.GetElapsedTime(since);
        }
    }

    private static bool MayNotStart(JobState job, out AttemptEnd end)
    {
        end = default;
        if (job.Engine.Stops.ReasonFor(job.Job) is { } stopped)
        {
            end = new(Outcome.Cancelled, $"{stopped} before it could start", null, Failure.None);
            return true;
        }

        if (IsInDoubt(job))
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

    /// <summary>Returns whether the job had started when the run broke off and may not run again. Who resumes the run was asked before, but for jobs of groups, which nobody knew.</summary>
    private static bool IsInDoubt(JobState job)
    {
        if (!job.Engine.Setup.Begun.TryGetValue(job.Job.Name, out RecordedAttempt? begun))
        {
            return false;
        }

        return job.Job.Settings.InDoubt switch
        {
            InDoubtPolicy.Fail => true,
            InDoubtPolicy.Ask when job.Group is not null => job.Engine.Options.InDoubt?.Invoke(new(begun.Job, begun.Number, begun.StartedAt)) != InDoubtAnswer.Rerun,
            _ => false,
        };
    }

    private static async ValueTask<JobState?> AttemptAsync(JobState job)
    {
        RunEngine engine = job.Engine;
        if (engine.Stops.ReasonFor(job.Job) is { } stopped)
        {
            // Meanwhile: conditions and caches take their time.
            return await FinishUnstartedAsync(job, new(Outcome.Cancelled, $"{stopped} before it could start", null, Failure.None)).ConfigureAwait(false);
        }

        bool isFirst = job.Attempt++ == 0;
        DateTimeOffset startedAt = isFirst ? job.StartedAt : engine.TimeProvider.GetUtcNow();
        long start = isFirst ? job.StartTimestamp : engine.TimeProvider.GetTimestamp();
        if (engine.Recorder.IsOn)
        {
            Task written = engine.Recorder.JobStartedAsync(job.Job.Name, job.Attempt, startedAt);
            if (job.Job.Settings.InDoubt != InDoubtPolicy.Rerun)
            {
                // Whoever must know that a job may have started has to find it written before it does.
                await written.ConfigureAwait(false);
                if (engine.Stops.ReasonFor(job.Job) is { } late)
                {
                    // The record stands, so that it counts as in doubt, which errs to the safe side.
                    return job.WorkIfAny is { Attempts.Length: > 0 }
                        ? await FinishWaitingAsync(job, late).ConfigureAwait(false)
                        : await FinishUnstartedAsync(job, new(Outcome.Cancelled, $"{late} before it could start", null, Failure.None)).ConfigureAwait(false);
                }
            }
        }

        engine.Observer.JobStarted(job, startedAt, job.Attempt);
        AttemptEnd end = await AttemptRunner.RunAsync(job).ConfigureAwait(false);
        if (!end.Outcome.IsFailed())
        {
            if (!isFirst)
            {
                // What failed before is told together with what came of it.
                JobWorkState retried = job.Work;
                retried.Attempts = retried.Attempts.Add(new(job.Attempt, startedAt, engine.TimeProvider.GetElapsedTime(start), end.Outcome, null));
            }

            if (job.Job.Kind == JobKind.Group && end.Outcome.IsGood())
            {
                return await ExpandAsync(job, (PipelineBuilder)job.Value!).ConfigureAwait(false);
            }

            return await FinishAsync(job, end).ConfigureAwait(false);
        }

        JobError error = end.Exception is { } exception
            ? JobErrors.From(exception, end.Kind, engine.Setup.Masker)
            : new(nameof(TimeoutException), engine.Observer.Mask(end.Reason) ?? "", "", end.Kind);
        if (job.Job.Settings.Retry is { } retry)
        {
            JobWorkState work = job.Work;
            work.LastEnd = end;
            work.Attempts = work.Attempts.Add(new(job.Attempt, startedAt, engine.TimeProvider.GetElapsedTime(start), end.Outcome, error));
            if (MayRetry(retry, work.Attempts.Length, ref end) && !engine.Stops.IsStopped(job.Job))
            {
                TimeSpan delay = retry.DelayAfter(work.Attempts.Length);
                engine.Observer.JobRetried(job, job.Attempt, error, delay);
                work.StartOver();
                engine.RetryLater(job, delay);
                return null;
            }
        }

        return await FinishAsync(job, end).ConfigureAwait(false);
    }

    /// <summary>Ends a job that was stopped while it waited to try again.</summary>
    private static ValueTask<JobState?> FinishWaitingAsync(JobState job, string reason)
    {
        AttemptEnd last = job.Work.LastEnd;
        return FinishAsync(job, last with { Outcome = Outcome.Cancelled, Reason = $"{reason} while it waited to try again; the last attempt failed: {last.Reason}" });
    }

    private static bool MayRetry(RetryOptions retry, int attempt, ref AttemptEnd end)
    {
        try
        {
            return !end.MayStillRun && retry.Allows(attempt, end.Kind, end.Exception);
        }
        catch (Exception e)
        {
            end = end with { Reason = $"{end.Reason}; and what tells whether to try again failed: {e.Message}" };
            return false;
        }
    }

    private static async ValueTask<JobState?> ExpandAsync(JobState job, PipelineBuilder more)
    {
        (job.Value, job.HasValue, job.Work.IsExpanded) = (null, false, true);
        if (job.Engine.Join(job, more) is { } problem)
        {
            job.Work.IsExpanded = false;
            return await FinishAsync(job, new(Outcome.Failure, problem, new PipelineDefinitionException(job.Job.Name, [problem]), Failure.Exception)).ConfigureAwait(false);
        }

        return null;
    }

    private static async ValueTask<JobState?> FinishAsync(JobState job, AttemptEnd end)
    {
        Outcome outcome = end.Outcome;
        if (outcome.IsFailed() && job.Job.Settings.Tolerance is { } tolerance && tolerance.Covers(end.Exception))
        {
            outcome = Outcome.Unstable;
        }
        else if (outcome == Outcome.Success && job.WorkIfAny?.Unstable is { } unstable)
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

        if (outcome == Outcome.Success)
        {
            await CachedWork.KeepAsync(job).ConfigureAwait(false);
        }

        JobResult result = RunResults.Worked(job, end, postErrors, outcome);
        if (job.Engine.Stops is { IsStopping: true, Outcome: Outcome.Cancelled } && (result.Outcome.IsFailed() || result.Outcome == Outcome.Cancelled) && !job.RunsAlways)
        {
            // What breaks because it is told to stop may break for that alone. A run that goes on does it again, so it is not written.
            job.Engine.GoesOn();
        }
        else if (job.Engine.Recorder.IsOn && !job.Engine.IsFaulted && result.Outcome != Outcome.Cancelled)
        {
            // What depends on the job starts only once this is written.
            await job.Engine.Recorder.JobFinishedAsync(job, result).ConfigureAwait(false);
        }

        return job.Engine.End(job, result);
    }

    private static async ValueTask<JobState?> FinishUnstartedAsync(JobState job, AttemptEnd end)
    {
        (job.Outcome, job.EndReason) = (end.Outcome, job.Engine.Observer.Mask(end.Reason));

        // What always runs may stand behind a failure and be skipped all the same for its own condition alone.
        job.IsBehindFailure &= end.Outcome != Outcome.Skipped;
        JobResult result = RunResults.Unstarted(job) with { Error = end.Exception is { } error ? JobErrors.From(error, end.Kind, job.Engine.Setup.Masker) : null };
        if (job.Engine.Recorder.IsOn && !job.Engine.IsFaulted && end.Outcome != Outcome.Cancelled)
        {
            await job.Engine.Recorder.JobFinishedAsync(job, result).ConfigureAwait(false);
        }

        return job.Engine.End(job, result);
    }

    /// <summary>Ends a job whose result an earlier run left. What follows a job does not follow it: it did not run.</summary>
    private static async ValueTask<JobState?> FinishCachedAsync(JobState job)
    {
        JobResult result = RunResults.Worked(job, new(Outcome.Success, null, null, Failure.None), [], Outcome.Success) with { IsCached = true };
        if (job.Engine.Recorder.IsOn && !job.Engine.IsFaulted)
        {
            await job.Engine.Recorder.JobFinishedAsync(job, result).ConfigureAwait(false);
        }

        return job.Engine.End(job, result);
    }

    private static void LogLines(JobState job, string text)
    {
        foreach (string line in job.Engine.Observer.Mask(text).ReplaceLineEndings("\n").Split('\n'))
        {
            job.Engine.Observer.Log(job, new(job.Engine.TimeProvider.GetUtcNow(), LogSource.Error, line));
        }
    }
}
