namespace DevOps.Pipelines;

/// <summary>Runs the work of a job once, within its time.</summary>
/// <remarks>
/// The first piece of the work runs on the thread that calls; code that blocks there cannot be taken from its thread. When its time is over, another thread ends the attempt in its stead, and what the code does from then on
/// is of no consequence any more.
/// </remarks>
internal static class AttemptRunner
{
    internal static ValueTask<AttemptEnd> RunAsync(JobState job) =>
        HasOwnStop(job) ? RunWatchedAsync(job) : RunAsync(job, null, job.Engine.Stops.TokenFor(job.Job));

    /// <summary>Ends the attempt of a job whose code blocks the thread that called it.</summary>
    internal static void AbandonIfBlocked(JobState job, AttemptWatch? watch)
    {
        if (job.TryAbandonCall())
        {
            job.Engine.Options.Dispatcher.Start(new EndingWork(() => _ = JobExecution.AbandonAsync(job, StillRunning(job, watch))));
        }
    }

    /// <summary>Returns whether the run's own giving up does not concern a job.</summary>
    internal static bool HasOwnStop(JobState job) => job.Job.Settings.Timeout is not null || job.Job.Settings.FailFast is not null || job.RunsAlways;

    private static async ValueTask<AttemptEnd> RunWatchedAsync(JobState job)
    {
        using AttemptWatch watch = new(job);
        return await RunAsync(job, watch, watch.Token).ConfigureAwait(false);
    }

    private static async ValueTask<AttemptEnd> RunAsync(JobState job, AttemptWatch? watch, CancellationToken cancellation)
    {
        JobContext context = new(job, cancellation);
        try
        {
            ValueTask<object?> work = Call(job, context);
            job.Value = work.IsCompleted ? await work.ConfigureAwait(false) : await AwaitAsync(job, work.AsTask(), watch).ConfigureAwait(false);
            job.HasValue = job.Job.ResultType is not null;
            return new(Outcome.Success, null, null, Failure.None);
        }
        catch (AbandonedException)
        {
            throw;
        }
        catch (StillRunningException)
        {
            return StillRunning(job, watch);
        }
        catch (Exception e) when (watch is { IsTimedOut: true })
        {
            return new(Outcome.TimedOut, TimedOut(job), e is OperationCanceledException ? null : e, Failure.Timeout);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(Outcome.Cancelled, Stopped(job), null, Failure.None);
        }
        catch (RejectedException e)
        {
            return new(e.Outcome, e.Message, null, e.Outcome == Outcome.TimedOut ? Failure.Timeout : Failure.Exception);
        }
        catch (Exception e)
        {
            return new(Outcome.Failure, e.Message, e, JobErrors.KindOf(e));
        }
    }

    private static ValueTask<object?> Call(JobState job, JobContext context)
    {
        job.EnterCall();
        bool isOurs = true;
        try
        {
            ValueTask<object?> work = job.Engine.Options.Dispatcher.RunAsync(job.Job, context);
            if (isOurs = job.TryLeaveCall())
            {
                return work;
            }

            Forget(work.AsTask());
        }
        catch when (isOurs && job.TryLeaveCall())
        {
            throw;
        }
        catch when (isOurs)
        {
            // What it broke on is of no consequence any more.
        }

        throw new AbandonedException();
    }

    /// <summary>Waits for the work, but not for ever once it was told to stop.</summary>
    private static async Task<object?> AwaitAsync(JobState job, Task<object?> work, AttemptWatch? watch)
    {
        await Task.WhenAny(work, watch?.Late ?? job.Engine.Stops.GivenUp).ConfigureAwait(false);
        if (!work.IsCompleted)
        {
            Forget(work);
            throw new StillRunningException();
        }

        return await work.ConfigureAwait(false);
    }

    // Its end is of no use to anyone any more; an error must not come up as one that nobody saw.
    private static void Forget(Task work) => work.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static AttemptEnd StillRunning(JobState job, AttemptWatch? watch)
    {
        bool timedOut = watch is { IsTimedOut: true };
        string told = timedOut ? TimedOut(job) : Stopped(job);
        return new(timedOut ? Outcome.TimedOut : Outcome.Cancelled, $"{told}, and did not stop within {job.Engine.Options.StopTimeout}; its code may still be running", null, Failure.Timeout) { MayStillRun = true };
    }

    private static string TimedOut(JobState job) => $"it took longer than {job.Job.Settings.Timeout}";

    private static string Stopped(JobState job) => job.Engine.Stops.ReasonFor(job.Job) ?? "the time for clearing up is over";

    private sealed class StillRunningException : Exception;
}
