namespace DevOps.Pipelines.Testing;

/// <summary>Does all the work of the runs of one tester on one thread, and moves the clock when nothing is left to do.</summary>
/// <remarks>
/// It sets no synchronization context: what awaits a timer of the clock, or a task that such code ends, goes on within the call that ended it, on this thread. What leaves the thread all the same (real I/O, Task.Run, Task.Yield)
/// takes the flow with it, and a flow that enters another thread is seen.
/// </remarks>
internal sealed class TesterPump : IRunDispatcher
{
    private readonly object _lock = new();
    private readonly List<Action> _ready = [];
    private readonly List<TesterFlow> _flows = [];
    private readonly List<(TesterFlow Flow, Action Continue)> _returned = [];
    private readonly AsyncLocal<TesterFlow?> _flow;
    private readonly VirtualClock _clock;
    private readonly Func<int, int> _choose;
    private readonly Func<Job, Func<JobContext, ValueTask<object?>>> _workOf;
    private readonly PipelineTesterOptions _options;
    private int _thread;
    private int _outside;
    private long _signs;
    private long _flowCount;

    internal TesterPump(VirtualClock clock, PipelineTesterOptions options, Func<Job, Func<JobContext, ValueTask<object?>>> workOf)
    {
        (_clock, _options, _workOf, _choose) = (clock, options, workOf, options.Schedule.CreateChoice());
        _flow = new(Entered);
        clock.OwnerOfNext = () => _flow.Value;
    }

    /// <summary>Gets the name of the job that calls.</summary>
    internal string? CurrentJob => _flow.Value?.Job;

    // Whoever waits goes on within the call that lets it: on this thread, and at a place of which the order is known.
    public TaskCreationOptions Continuations => TaskCreationOptions.None;

    public void Start(IThreadPoolWorkItem work) => Post(work.Execute);

    public ValueTask<object?> RunAsync(Job job, JobContext context)
    {
        TesterFlow? before = _flow.Value;
        TesterFlow flow = new(job.Name, ++_flowCount);
        if (job.Kind == JobKind.Work)
        {
            lock (_lock)
            {
                _flows.Add(flow);
            }
        }

        try
        {
            _flow.Value = flow;
            ValueTask<object?> work = _workOf(job)(context);
            if (!work.IsCompleted)
            {
                return FollowAsync(work, flow, context.Cancellation);
            }

            Ended(flow);
            return work;
        }
        catch
        {
            Ended(flow);
            throw;
        }
        finally
        {
            _flow.Value = before;
        }
    }

    internal void Post(Action action)
    {
        lock (_lock)
        {
            _ready.Add(action);
            Sign();
        }
    }

    /// <summary>Works until there is no more to wait for.</summary>
    internal void Run(Func<bool> isDone, Func<IEnumerable<TesterFlow>, PipelineTestException> stuck)
    {
        _thread = Environment.CurrentManagedThreadId;
        _flow.Value = new(null, 0);
        long steps = 0;
        while (!isDone())
        {
            long signs = Interlocked.Read(ref _signs);
            if (TakeNext() is { } next)
            {
                next();
                if (++steps > _options.MaxSteps)
                {
                    throw new PipelineTestException($"The run did not end within {_options.MaxSteps} steps; its clock shows {_clock.GetUtcNow():u}.", ["something starts a timer again and again, and nothing else happens: a poll without an end, or an approval that nobody decides while the run looks for messages"]);
                }

                continue;
            }

            if (Volatile.Read(ref _outside) > 0)
            {
                if (!WaitForSign(signs, _options.MaxRealWait))
                {
                    throw stuck(Open());
                }
            }
            else if (FlowsToWaitFor() is { Length: > 0 } flows)
            {
                // Who was told to stop while a timer ran most likely is on its way through the thread pool: on a busy machine that takes its time.
                if (!WaitForSign(signs, Array.Exists(flows, static flow => flow is { IsToldToStop: true, HasTimers: true }) ? _options.RealGrace * 10 : _options.RealGrace))
                {
                    lock (_lock)
                    {
                        Array.ForEach(flows, static flow => (flow.WasWaitedFor, flow.IsToldToStop) = (true, false));
                    }
                }
            }
            else if (TakeReturned())
            {
                continue;
            }
            else if (_clock.NextDue() is { } due)
            {
                _clock.MoveTo(due);
            }
            else if (Open().Length == 0 || !WaitForSign(signs, _options.MaxRealWait))
            {
                if (!isDone() && Interlocked.Read(ref _signs) == signs)
                {
                    throw stuck(Open());
                }
            }
        }
    }

    /// <summary>Tells the pump that something happened.</summary>
    internal void Sign()
    {
        lock (_lock)
        {
            _signs++;
            Monitor.PulseAll(_lock);
        }
    }

    private Action? TakeNext()
    {
        int due = _clock.CountDue();
        int ready;
        int which;
        lock (_lock)
        {
            ready = _ready.Count;
            if (ready + due == 0)
            {
                return null;
            }

            which = _choose(ready + due);
            if (which < ready)
            {
                Action action = _ready[which];
                _ready.RemoveAt(which);
                return action;
            }
        }

        return _clock.TakeDue(which - ready) is { } timer ? timer.Fire : static () => { };
    }

    private bool WaitForSign(long seen, TimeSpan atMost)
    {
        lock (_lock)
        {
            return _signs != seen || (atMost > TimeSpan.Zero && Monitor.Wait(_lock, atMost)) || _signs != seen;
        }
    }

    private TesterFlow[] FlowsToWaitFor()
    {
        lock (_lock)
        {
            return [.. _flows.Where(flow => (!flow.HasTimers || flow.IsToldToStop) && !flow.WasWaitedFor)];
        }
    }

    private TesterFlow[] Open()
    {
        lock (_lock)
        {
            return [.. _flows];
        }
    }

    private async ValueTask<object?> FollowAsync(ValueTask<object?> work, TesterFlow flow, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(state => TellToStop((TesterFlow)state!), flow);
        try
        {
            return await work.ConfigureAwait(false);
        }
        finally
        {
            if (Environment.CurrentManagedThreadId != _thread)
            {
                TaskCompletionSource back = new();
                lock (_lock)
                {
                    _flows.Remove(flow);
                    _returned.Add((flow, back.SetResult));
                    Sign();
                }

                await back.Task.ConfigureAwait(false);
            }

            Ended(flow);
        }
    }

    private void TellToStop(TesterFlow flow)
    {
        lock (_lock)
        {
            (flow.IsToldToStop, flow.WasWaitedFor) = (true, false);
        }
    }

    /// <summary>Lets jobs go on that ended on other threads: all that did together, in the order in which they started, because no one knows the order of threads.</summary>
    private bool TakeReturned()
    {
        lock (_lock)
        {
            _ready.AddRange(_returned.OrderBy(returned => returned.Flow.Number).Select(returned => returned.Continue));
            _returned.Clear();
            return _ready.Count > 0;
        }
    }

    private void Ended(TesterFlow flow)
    {
        lock (_lock)
        {
            _flows.Remove(flow);
            Sign();
        }
    }

    private void Entered(AsyncLocalValueChangedArgs<TesterFlow?> change)
    {
        if (change.CurrentValue is { } flow)
        {
            flow.WasWaitedFor = false;
        }

        if (!change.ThreadContextChanged || Environment.CurrentManagedThreadId == _thread)
        {
            return;
        }

        if (change.CurrentValue is { } entered)
        {
            entered.IsToldToStop = false;
        }

        int moved = (change.CurrentValue is null ? 0 : 1) - (change.PreviousValue is null ? 0 : 1);
        if (moved != 0)
        {
            Interlocked.Add(ref _outside, moved);
            Sign();
        }
    }
}
