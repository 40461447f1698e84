namespace DevOps.Pipelines;

/// <summary>Ends a run: what follows it, the last record, the result.</summary>
internal static class RunEnding
{
    internal static async Task EndAsync(RunEngine engine, bool isLeft, Exception? fault, TaskCompletionSource<PipelineResult> completion, CancellationTokenRegistration cancellation)
    {
        RunSetup setup = engine.Setup;
        try
        {
            await cancellation.DisposeAsync().ConfigureAwait(false);
            PipelineResult result = Result(engine, isLeft);
            if (!isLeft && fault is null)
            {
                if (setup.Pipeline.Post.Work.Length > 0)
                {
                    (Outcome outcome, System.Collections.Immutable.ImmutableArray<JobError> errors) = await PostRunner.RunAsync(setup.Pipeline.Post, engine, result).ConfigureAwait(false);
                    result = result with { Outcome = outcome, PostErrors = errors, ProgressError = engine.Observer.Error };
                }

                if (engine.Recorder.IsOn && result.Outcome != Outcome.Cancelled)
                {
                    await engine.Recorder.FinishedAsync(result.Outcome, engine.TimeProvider.GetUtcNow(), result.Reason).ConfigureAwait(false);
                }
            }

            if (setup.Workspace.End(result.Outcome, isLeft || fault is not null) is { } kept)
            {
                engine.Observer.Telemetry.WorkspaceKept(setup.Workspace.Path, kept);
            }

            await DisposeJournalAsync(setup).ConfigureAwait(false);
            if (fault is not null)
            {
                completion.SetException(fault);
                return;
            }

            engine.Observer.RunFinished(result);
            completion.SetResult(result with { ProgressError = engine.Observer.Error });
        }
        catch (Exception e)
        {
            completion.TrySetException(fault ?? e);
        }
        finally
        {
            engine.Stops.Dispose();
        }
    }

    private static async Task DisposeJournalAsync(RunSetup setup)
    {
        if (setup.Journal is { } journal)
        {
            await journal.DisposeAsync().ConfigureAwait(false);
        }
    }

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
