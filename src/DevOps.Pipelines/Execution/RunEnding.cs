namespace DevOps.Pipelines;

/// <summary>Ends a run: what follows it, the last record, the result.</summary>
internal static class RunEnding
{
    internal static async Task EndAsync(RunEngine engine, bool isLeft, Exception? fault, TaskCompletionSource<PipelineResult> completion, CancellationTokenRegistration cancellation)
    {
        PipelineResult? result = null;
        bool goesOnLater = isLeft;
        try
        {
            result = Result(engine, isLeft);
            goesOnLater |= IsCancelled(engine, result);
            if (!isLeft && fault is null)
            {
                result = await FollowAsync(engine, result, goesOnLater).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            fault ??= e;
        }

        try
        {
            // Until now a cancellation ended what follows the run.
            await cancellation.DisposeAsync().ConfigureAwait(false);
            await CloseAsync(engine, result?.Outcome ?? Outcome.Failure, goesOnLater || fault is not null).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault ??= e;
        }
        finally
        {
            engine.Stops.Dispose();
        }

        engine.Observer.RunFinished(result is null || fault is not null ? Broken(engine, fault) : result);
        if (fault is not null)
        {
            completion.SetException(fault);
        }
        else
        {
            completion.SetResult(result! with { ProgressError = engine.Observer.Error });
        }
    }

    /// <summary>Does what follows the run, and writes its end down, unless it can be resumed.</summary>
    private static async Task<PipelineResult> FollowAsync(RunEngine engine, PipelineResult result, bool goesOnLater)
    {
        RunSetup setup = engine.Setup;
        if (setup.Pipeline.Post.Work.Length > 0)
        {
            engine.Stops.BeginPost();
            (Outcome outcome, System.Collections.Immutable.ImmutableArray<JobError> errors) = await PostRunner.RunAsync(setup.Pipeline.Post, engine, result).ConfigureAwait(false);
            result = result with { Outcome = outcome, PostErrors = errors, ProgressError = engine.Observer.Error };
        }

        if (engine.Recorder.IsOn && !goesOnLater)
        {
            await engine.Recorder.FinishedAsync(result.Outcome, engine.TimeProvider.GetUtcNow(), result.Reason).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Gives everything back; what cannot be does not keep the rest.</summary>
    private static async Task CloseAsync(RunEngine engine, Outcome outcome, bool goesOnLater)
    {
        RunSetup setup = engine.Setup;
        try
        {
            if (setup.Workspace.End(outcome, goesOnLater) is { } kept)
            {
                engine.Observer.Telemetry.WorkspaceKept(setup.Workspace.Path, kept);
            }
        }
        finally
        {
            if (setup.Journal is { } journal)
            {
                await journal.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns whether the run was stopped from outside before all was done: then it can be resumed, and keeps what a resume needs.</summary>
    private static bool IsCancelled(RunEngine engine, PipelineResult result) =>
        engine.Stops is { IsStopping: true, Outcome: Outcome.Cancelled } && (engine.CanGoOn || result.Jobs.Any(job => job.Outcome == Outcome.Cancelled));

    private static PipelineResult Broken(RunEngine engine, Exception? fault) => new()
    {
        RunId = engine.Setup.RunId,
        Pipeline = engine.Setup.Pipeline.Name,
        Outcome = Outcome.Failure,
        Reason = $"the run was broken off: {engine.Observer.Mask(fault?.Message)}",
        StartedAt = engine.Setup.StartedAt,
        Duration = engine.TimeProvider.GetElapsedTime(engine.Setup.StartTimestamp),
        Jobs = [],
    };

    private static PipelineResult Result(RunEngine engine, bool isLeft)
    {
        RunSetup setup = engine.Setup;
        List<JobResult> jobs = new(engine.Jobs.Count);
        Outcome outcome = Outcome.Skipped;
        string? reason = engine.Stops.Reason;
        foreach (JobState job in engine.Jobs)
        {
            if (job.Job.Kind == JobKind.Gate)
            {
                continue;
            }

            JobResult result = job.Result ?? RunResults.Unstarted(job);
            jobs.Add(result);
            outcome = outcome.And(result.CountsAs);
            if (result.Outcome == Outcome.Cancelled)
            {
                outcome = outcome.And(engine.Stops.Outcome);
            }

            if (result.Outcome == Outcome.Skipped && Planner.IsAskedFor(job.Job, setup.Options))
            {
                outcome = outcome.And(Outcome.Failure);
                reason ??= $"'{result.Name}' was asked for and did not run: {result.Reason}";
            }
        }

        jobs.AddRange(setup.Records.Values.Where(record => record.Group is not null && jobs.All(job => job.Name != record.Result.Name)).Select(record => record.Result));
        return new()
        {
            RunId = setup.RunId,
            Pipeline = setup.Pipeline.Name,
            Outcome = jobs.Count == 0 ? Outcome.Success : outcome,
            Reason = reason,
            StartedAt = setup.StartedAt,
            Duration = engine.TimeProvider.GetElapsedTime(setup.StartTimestamp),
            Jobs = [.. jobs],
            Waiting = isLeft ? engine.Approvals.Pending : [],
            ProgressError = engine.Observer.Error,
        };
    }
}
