using System.Collections.Immutable;

namespace DevOps.Pipelines.Testing;

/// <summary>Runs pipelines whole in virtual time, on one thread and in an order that can be repeated: back-offs, timeouts and a week of waiting for an approval pass at once.</summary>
/// <remarks>
/// <para>The clock moves by itself to the next timer once every job waits. Jobs see it as <see cref="JobContext.TimeProvider"/>: what waits on it, as <c>Task.Delay(time, job.TimeProvider)</c>, waits in virtual time.</para>
/// <para>Processes are not started: <see cref="Processes"/> says how they answer. <see cref="PipelineTesterJobs"/> gives jobs results without their work, <see cref="PipelineTesterApprovals"/> decides approvals.</para>
/// <para>Limits: code that leaves the thread (real I/O, <c>Task.Run</c>, <c>Task.Yield</c>, the system's own timers) is noticed and waited for, up to <see cref="PipelineTesterOptions.RealGrace"/> while none of it is on a thread; its order cannot
/// be repeated, and a job that waits for such a thing and for a timer of the clock at once is not waited for. Stores that do real I/O are such code: use <see cref="MemoryRunStore"/>. A job that blocks its thread blocks the whole run.</para>
/// <para>A tester is for one test. It may run several pipelines one after the other, or several at once; its clock goes on.</para>
/// </remarks>
public sealed class PipelineTester
{
    private readonly TesterPump _pump;
    private readonly TesterEvents _events = new();
    private readonly List<PipelineRun> _runs = [];
    private readonly List<string> _problems = [];
    private int _isRunning;

    /// <summary>Creates a tester that does things in the order in which they become possible.</summary>
    public PipelineTester() : this(new PipelineTesterOptions())
    {
    }

    /// <summary>Creates a tester.</summary>
    /// <param name="schedule">In which order things happen that could happen at the same time.</param>
    public PipelineTester(Schedule schedule) : this(new PipelineTesterOptions { Schedule = schedule })
    {
    }

    /// <summary>Creates a tester.</summary>
    /// <param name="options">How it runs.</param>
    public PipelineTester(PipelineTesterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Clock = new(options.Start);
        _pump = new(Clock, options, job => Work.GetValueOrDefault(job) ?? job.Run);
        Processes = new(Clock, () => _pump.CurrentJob);
    }

    /// <summary>Gets the clock of the runs.</summary>
    public VirtualClock Clock { get; }

    /// <summary>Gets what stands in for processes.</summary>
    public ScriptedProcesses Processes { get; }

    /// <summary>Gets what happened so far, in order, in all runs.</summary>
    public ImmutableArray<PipelineEvent> Events => _events.All;

    internal Dictionary<Job, Func<JobContext, ValueTask<object?>>> Work { get; } = [];

    internal List<ScriptedDecision> Decisions { get; } = [];

    /// <summary>Runs a pipeline to its end.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="options">How. The clock, where jobs start and, unless it is given, what runs processes are the tester's.</param>
    /// <param name="cancellationToken">Stops the run. To stop it at a virtual time, give the token of a source that was made with <see cref="Clock"/>.</param>
    /// <returns>How each job ended.</returns>
    /// <exception cref="PipelineTestException">A process was run that no answer was given for, a scripted decision did not count, or the run can never end; tells who waits for what.</exception>
    public async Task<PipelineResult> RunAsync(Pipeline pipeline, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        (await RunAllAsync([TestRun.Of(pipeline, options)], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Lets several runs go on together to their ends, as the runs of one host.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="cancellationToken">Stops the runs.</param>
    /// <returns>Their results, in the order of the runs.</returns>
    /// <exception cref="PipelineTestException">A process was run that no answer was given for, a scripted decision did not count, or a run can never end; tells who waits for what.</exception>
    /// <exception cref="InvalidOperationException">The tester is at work already.</exception>
    public Task<ImmutableArray<PipelineResult>> RunAllAsync(IEnumerable<TestRun> runs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        TestRun[] all = [.. runs];
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            throw new InvalidOperationException("The tester is at work. Give it several runs at once, or make a tester for each.");
        }

        TaskCompletionSource<ImmutableArray<PipelineResult>> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                ImmutableArray<PipelineResult> results = Run(all, cancellationToken);
                Volatile.Write(ref _isRunning, 0);
                ended.SetResult(results);
            }
            catch (Exception e)
            {
                Volatile.Write(ref _isRunning, 0);
                ended.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = nameof(PipelineTester),
        };
        thread.Start();
        return ended.Task;
    }

    private ImmutableArray<PipelineResult> Run(TestRun[] runs, CancellationToken cancellationToken)
    {
        _runs.Clear();
        List<Task<PipelineResult>> tasks = [];
        foreach (TestRun run in runs)
        {
            TaskCompletionSource start = new();
            tasks.Add(RunAsync(run, start.Task, cancellationToken));
            if (run.StartsAfter == TimeSpan.Zero)
            {
                _pump.Post(start.SetResult);
            }
            else
            {
                Clock.CreateTimer(static state => ((TaskCompletionSource)state!).SetResult(), start, run.StartsAfter, Timeout.InfiniteTimeSpan);
            }
        }

        Task<PipelineResult[]> all = Task.WhenAll(tasks);
        all.ContinueWith(_ => _pump.Sign(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _pump.Run(() => all.IsCompleted, flows => TesterStuck.Describe(_runs, flows, Clock));
        string[] problems = [.. Processes.Unexpected, .. _problems];
        return problems.Length > 0
            ? throw new PipelineTestException("The pipeline did what the test did not foresee:", problems)
            : [.. all.GetAwaiter().GetResult()];
    }

    private async Task<PipelineResult> RunAsync(TestRun run, Task start, CancellationToken cancellationToken)
    {
        await start.ConfigureAwait(false);
        TaskCompletionSource<PipelineRun> started = new();
        RunOptions options = run.Options with
        {
            RunId = run.Options.RunId ?? $"test-{_runs.Count + 1}",
            TimeProvider = Clock,
            Dispatcher = _pump,
            ProcessRunner = run.Options.ProcessRunner ?? Processes,
            Progress = _events.For(run.Options.Progress, requested => Decide(requested.Job, started.Task)),
        };
        PipelineRun under = await run.Start(options, cancellationToken).ConfigureAwait(false);
        _runs.Add(under);
        started.SetResult(under);
        PipelineResult result = await under.Completion.ConfigureAwait(false);
        await under.DisposeAsync().ConfigureAwait(false);
        return result;
    }

    private void Decide(string job, Task<PipelineRun> run)
    {
        foreach (ScriptedDecision script in Decisions.Where(script => string.Equals(script.Job, job, StringComparison.OrdinalIgnoreCase)))
        {
            Clock.CreateTimer(_ => _ = DecideAsync(script, run), null, script.After, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task DecideAsync(ScriptedDecision script, Task<PipelineRun> run)
    {
        try
        {
            PipelineRun under = await run.ConfigureAwait(false);
            if (under.Waiting.Any(waiting => string.Equals(waiting.Job, script.Job, StringComparison.OrdinalIgnoreCase)))
            {
                await under.DecideAsync(script.Job, script.Decision).ConfigureAwait(false);
            }
        }
        catch (DevOpsException e)
        {
            _problems.Add($"the decision of '{script.Decision.By}' did not count: {e.Message}");
        }
    }
}
