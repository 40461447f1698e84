namespace DevOps.Pipelines;

/// <summary>Divides the work of a job into named steps that are timed and shown.</summary>
public static class JobSteps
{
    /// <summary>Does a part of the job's work as a step.</summary>
    /// <param name="job">The job.</param>
    /// <param name="name">The step's name.</param>
    /// <param name="run">The work.</param>
    /// <param name="onFailure">What a failure does to the job.</param>
    public static Task StepAsync(this JobContext job, string name, Func<Task> run, StepFailure onFailure = StepFailure.Throw)
    {
        ArgumentNullException.ThrowIfNull(run);
        return job.StepAsync<object?>(
            name,
            async () =>
            {
                await run().ConfigureAwait(false);
                return null;
            },
            onFailure);
    }

    /// <summary>Does a part of the job's work as a step.</summary>
    /// <typeparam name="T">The type of what comes out of it.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="name">The step's name.</param>
    /// <param name="run">The work.</param>
    /// <param name="onFailure">What a failure does to the job.</param>
    /// <returns>What came out of it, or the default if it failed and the job goes on.</returns>
    public static async Task<T?> StepAsync<T>(this JobContext job, string name, Func<Task<T>> run, StepFailure onFailure = StepFailure.Throw)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(run);
        name = job.Engine.Observer.Mask(name);
        DateTimeOffset startedAt = job.TimeProvider.GetUtcNow();
        long start = job.TimeProvider.GetTimestamp();
        job.Engine.Observer.Report(new StepStarted(job.Name, startedAt, name));
        try
        {
            T value = await run().ConfigureAwait(false);
            End(Outcome.Success, null);
            return value;
        }
        catch (OperationCanceledException) when (job.Cancellation.IsCancellationRequested)
        {
            End(Outcome.Cancelled, null);
            throw;
        }
        catch (Exception e) when (onFailure == StepFailure.Throw)
        {
            End(Outcome.Failure, e.Message);
            throw;
        }
        catch (Exception e)
        {
            job.Log($"step '{name}' failed: {e.Message}");
            End(Outcome.Failure, e.Message);
            if (onFailure == StepFailure.MarkUnstable)
            {
                job.MarkUnstable($"step '{name}' failed: {e.Message}");
            }

            return default;
        }

        void End(Outcome outcome, string? reason)
        {
            StepResult result = new(name, startedAt, job.TimeProvider.GetElapsedTime(start), outcome, job.Engine.Observer.Mask(reason));
            job.State.Work.Add(result);
            job.Engine.Observer.Report(new StepFinished(job.Name, job.TimeProvider.GetUtcNow(), result));
        }
    }
}
