namespace DevOps.Pipelines;

/// <summary>Runs the work of a job once, within its time.</summary>
internal static class AttemptRunner
{
    internal static ValueTask<AttemptEnd> RunAsync(JobState job) =>
        job.Job.Settings.Timeout is { } timeout ? RunWithTimeoutAsync(job, timeout) : RunAsync(job, job.Engine.Stops.TokenFor(job.Job), default);

    private static async ValueTask<AttemptEnd> RunWithTimeoutAsync(JobState job, TimeSpan timeout)
    {
        using CancellationTokenSource timer = new(timeout, job.Engine.TimeProvider);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(job.Engine.Stops.TokenFor(job.Job), timer.Token);
        return await RunAsync(job, linked.Token, timer.Token).ConfigureAwait(false);
    }

    private static async ValueTask<AttemptEnd> RunAsync(JobState job, CancellationToken cancellation, CancellationToken timeout)
    {
        JobContext context = new(job, cancellation);
        try
        {
            ValueTask<object?> work = job.Engine.Options.Dispatcher.RunAsync(job.Job, context);
            job.Value = work.IsCompleted ? await work.ConfigureAwait(false) : await AwaitAsync(job, work.AsTask(), cancellation).ConfigureAwait(false);
            job.HasValue = job.Job.ResultType is not null;
            return new(Outcome.Success, null, null, Failure.None);
        }
        catch (StillRunningException e)
        {
            string told = timeout.IsCancellationRequested ? TimedOut(job) : job.Engine.Stops.ReasonFor(job.Job) ?? "the time for clearing up is over";
            return new(timeout.IsCancellationRequested ? Outcome.TimedOut : Outcome.Cancelled, $"{told}, and {e.Message}", null, Failure.Timeout);
        }
        catch (Exception e) when (timeout.IsCancellationRequested)
        {
            return new(Outcome.TimedOut, TimedOut(job), e is OperationCanceledException ? null : e, Failure.Timeout);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(Outcome.Cancelled, job.Engine.Stops.ReasonFor(job.Job) ?? "the time for clearing up is over", null, Failure.None);
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

    private static string TimedOut(JobState job) => $"it took longer than {job.Job.Settings.Timeout}";

    /// <summary>Waits for the work, but not for ever once it was told to stop.</summary>
    private static async Task<object?> AwaitAsync(JobState job, Task<object?> work, CancellationToken cancellation)
    {
        RunStops stops = job.Engine.Stops;
        bool hasOwnStop = job.Job.Settings.Timeout is not null || job.Job.Settings.FailFast is not null || job.RunsAlways;
        if (!hasOwnStop)
        {
            await Task.WhenAny(work, stops.GivenUp).ConfigureAwait(false);
        }
        else
        {
            TaskCompletionSource stopped = new(job.Engine.Options.Dispatcher.Continuations);
            using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopped);
            if (await Task.WhenAny(work, stopped.Task).ConfigureAwait(false) != work)
            {
                TaskCompletionSource late = new(job.Engine.Options.Dispatcher.Continuations);
                using ITimer timer = job.Engine.TimeProvider.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), late, job.Engine.Options.StopTimeout, Timeout.InfiniteTimeSpan);
                await Task.WhenAny(work, late.Task).ConfigureAwait(false);
            }
        }

        if (!work.IsCompleted)
        {
            // Its end is of no use to anyone any more; an error must not come up as one that nobody saw.
            _ = work.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new StillRunningException($"did not stop within {job.Engine.Options.StopTimeout}; its code may still be running");
        }

        return await work.ConfigureAwait(false);
    }

    private sealed class StillRunningException(string message) : Exception(message);
}
