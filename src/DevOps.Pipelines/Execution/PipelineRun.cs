using System.Threading.Channels;

namespace DevOps.Pipelines;

/// <summary>One run: starts jobs as their needs are met, and hands failures on to the jobs that wait for them. Only one loop changes the graph's state.</summary>
internal sealed class PipelineRun
{
    private readonly Pipeline _pipeline;
    private readonly RunOptions _options;
    private readonly Dictionary<Job, JobState> _states = [];
    private readonly Channel<JobState> _finished = Channel.CreateUnbounded<JobState>(new() { SingleReader = true });
    private readonly Queue<JobState> _ready = new();
    private Exception? _progressError;

    internal PipelineRun(Pipeline pipeline, RunOptions options)
    {
        (_pipeline, _options) = (pipeline, options);
        foreach (Job job in pipeline.Jobs)
        {
            _states.Add(job, new(this, job));
        }

        foreach (JobState state in _states.Values)
        {
            foreach (Job needed in state.Job.NeededJobs)
            {
                _states[needed].Dependants.Add(state);
            }
        }
    }

    internal TimeProvider TimeProvider => _options.TimeProvider;

    internal RunOptions Options => _options;

    internal object? ResultOf(Job job) => _states[job].Value;

    /// <summary>Tells the observer. One that fails is told nothing more, and changes nothing of the run.</summary>
    internal void Report(PipelineEvent happened)
    {
        if (_options.Progress is not { } progress || _progressError is not null)
        {
            return;
        }

        try
        {
            progress.Report(happened);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _progressError, e, null);
        }
    }

    internal async Task<PipelineResult> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = TimeProvider.GetUtcNow();
        long start = TimeProvider.GetTimestamp();
        foreach (JobState state in InOrder().Where(state => state.Missing == 0))
        {
            _ready.Enqueue(state);
        }

        int running = 0;
        while (true)
        {
            while (running < _options.MaxConcurrency && !cancellationToken.IsCancellationRequested && _ready.TryDequeue(out JobState? next))
            {
                running++;
                _ = ExecuteAsync(next, cancellationToken);
            }

            if (running == 0)
            {
                break;
            }

            JobState done = await _finished.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            running--;
            HandOn(done);
        }

        foreach (JobState state in InOrder().Where(state => state.Result is null))
        {
            state.Skip(Outcome.Cancelled, "the run was cancelled before it could start");
        }

        return new()
        {
            Pipeline = _pipeline.Name,
            Outcome = InOrder().Select(state => state.Result!.Outcome).Where(outcome => outcome != Outcome.Skipped).DefaultIfEmpty(Outcome.Success).Max(),
            StartedAt = startedAt,
            Duration = TimeProvider.GetElapsedTime(start),
            Jobs = [.. InOrder().Select(state => state.Result!)],
            ProgressError = _progressError,
        };
    }

    private IEnumerable<JobState> InOrder() => _pipeline.Jobs.Select(job => _states[job]);

    private async Task ExecuteAsync(JobState state, CancellationToken cancellationToken)
    {
        // The loop goes on at once: a job's first synchronous piece must not hold up its siblings.
        await Task.Run(() => state.ExecuteAsync(cancellationToken), CancellationToken.None).ConfigureAwait(false);
        _finished.Writer.TryWrite(state);
    }

    private void HandOn(JobState done)
    {
        if (done.Result!.Outcome == Outcome.Success)
        {
            foreach (JobState dependant in done.Dependants)
            {
                if (--dependant.Missing == 0 && dependant.Result is null)
                {
                    _ready.Enqueue(dependant);
                }
            }

            return;
        }

        // Everything behind a job that did not succeed is skipped, each naming the job it waited for.
        Queue<JobState> behind = new([done]);
        while (behind.TryDequeue(out JobState? cause))
        {
            string how = cause.Result!.Outcome switch { Outcome.Failure => "failed", Outcome.Cancelled => "was cancelled", _ => "was skipped" };
            foreach (JobState dependant in cause.Dependants.Where(dependant => dependant.Result is null))
            {
                dependant.Skip(done.Result.Outcome == Outcome.Cancelled ? Outcome.Cancelled : Outcome.Skipped, $"needs '{cause.Job.Name}', which {how}");
                behind.Enqueue(dependant);
            }
        }
    }
}
