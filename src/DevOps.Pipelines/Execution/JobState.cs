using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>One job in one run.</summary>
internal sealed class JobState(PipelineRun run, Job job)
{
    private readonly Queue<LogLine> _log = new();
    private long _logLength;

    internal PipelineRun Run => run;

    internal Job Job => job;

    /// <summary>Gets or sets how many needs have not succeeded yet.</summary>
    internal int Missing { get; set; } = job.NeededJobs.Count;

    internal List<JobState> Dependants { get; } = [];

    internal JobResult? Result { get; private set; }

    internal object? Value { get; private set; }

    internal void Log(LogSource source, string text)
    {
        LogLine line = new(run.TimeProvider.GetUtcNow(), source, text);
        lock (_log)
        {
            _log.Enqueue(line);
            _logLength += text.Length;
            while (_log.Count > run.Options.MaxLogLines || (_logLength > run.Options.MaxLogLength && _log.Count > 1))
            {
                _logLength -= _log.Dequeue().Text.Length;
            }
        }

        run.Report(new JobLogged(job.Name, line));
    }

    /// <summary>Does the work. A job's failure is its result, never an exception of the run.</summary>
    internal async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = run.TimeProvider.GetUtcNow();
        long start = run.TimeProvider.GetTimestamp();
        run.Report(new JobStarted(job.Name, startedAt));
        Outcome outcome = Outcome.Success;
        Exception? error = null;
        try
        {
            Value = await job.Run(new(this, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = Outcome.Cancelled;
        }
        catch (Exception e)
        {
            (outcome, error) = (Outcome.Failure, e);
            foreach (string line in e.Message.ReplaceLineEndings("\n").Split('\n'))
            {
                Log(LogSource.Error, line);
            }
        }

        Finish(new()
        {
            Name = job.Name,
            Needs = Names(),
            Outcome = outcome,
            StartedAt = startedAt,
            Duration = run.TimeProvider.GetElapsedTime(start),
            Reason = error?.Message ?? (outcome == Outcome.Cancelled ? "the run was cancelled" : null),
            Error = error,
            Log = Lines(),
        });
    }

    internal void Skip(Outcome outcome, string reason) => Finish(new() { Name = job.Name, Needs = Names(), Outcome = outcome, Reason = reason });

    private void Finish(JobResult result)
    {
        Result = result;
        run.Report(new JobFinished(job.Name, run.TimeProvider.GetUtcNow(), result));
    }

    private ImmutableArray<string> Names() => [.. job.Needed.Select(needed => needed.Name)];

    private ImmutableArray<LogLine> Lines()
    {
        lock (_log)
        {
            return [.. _log];
        }
    }
}
