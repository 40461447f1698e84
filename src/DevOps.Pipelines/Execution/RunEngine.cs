namespace DevOps.Pipelines;

/// <summary>One run: starts jobs as what they wait for ends, and ends when all of them did.</summary>
/// <remarks>State of the graph changes under one lock, in which no code of a user and no I/O runs; what follows from a change is done after it. Nothing polls.</remarks>
internal sealed class RunEngine
{
    private readonly Lock _lock = new();
    private readonly JobTable _table;
    private readonly Action<JobState> _start;
    private readonly bool _keepsOne;
    private readonly TaskCompletionSource<PipelineResult> _completion;
    private Dictionary<Job, JobState>? _joined;
    private CancellationTokenRegistration _cancellation;
    private Exception? _fault;
    private bool _isEnding;
    private bool _goesOn;
    private bool _isLeft;

    internal RunEngine(RunSetup setup)
    {
        Setup = setup;
        Options = setup.Options;
        _completion = new(setup.Options.Dispatcher.Continuations);
        Observer = new(setup);
        Stops = new(setup.Options, Observer.Telemetry.CallbackFailed);
        Claims = new(setup);
        Recorder = new(setup);
        Approvals = new(this);
        _table = new(this, setup.Options, setup.Records);
        _start = Start;

        // Who decides on the order of starts has to see them all.
        _keepsOne = setup.Options.Dispatcher == PoolDispatcher.Instance;
    }

    internal RunSetup Setup { get; }

    internal RunOptions Options { get; }

    internal TimeProvider TimeProvider => Options.TimeProvider;

    internal RunObserver Observer { get; }

    internal RunStops Stops { get; }

    internal RunClaims Claims { get; }

    internal RunRecorder Recorder { get; }

    internal ApprovalDesk Approvals { get; }

    internal Task<PipelineResult> Completion => _completion.Task;

    /// <summary>Gets the jobs, gates included; to be read once the run has ended, or under the lock.</summary>
    internal IReadOnlyList<JobState> Jobs => _table.Jobs;

    /// <summary>Returns the state of a job, or <see langword="null"/> if it is not part of the run.</summary>
    internal JobState? Find(Job job)
    {
        if (Setup.Graph.Find(job) is { } node)
        {
            return _table.Jobs[node.Index];
        }

        lock (_lock)
        {
            return _joined?.GetValueOrDefault(job);
        }
    }

    internal void Begin(CancellationToken cancellationToken)
    {
        Observer.RunStarted();
        JobChanges changes = default;
        lock (_lock)
        {
            foreach (GraphNode node in Setup.Graph.Nodes)
            {
                _table.Add(node);
            }

            _table.Begin(_table.Jobs, ref changes);
            changes.MayBeDone = true;
        }

        // Whoever is told is told first that the run began.
        Stops.BeginTimeout(() => Cancel($"the run took longer than {Options.Timeout}", Outcome.TimedOut));
        _cancellation = cancellationToken.UnsafeRegister(static state => ((RunEngine)state!).Cancel("the run was cancelled", Outcome.Cancelled), this);
        Apply(ref changes);
        _ = Stops.GivenUp.ContinueWith(static (_, engine) => ((RunEngine)engine!).AbandonBlocked(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Stops the run: jobs at work are told, and no other starts but those that always run.</summary>
    internal void Cancel(string reason, Outcome outcome)
    {
        JobChanges changes = default;
        lock (_lock)
        {
            if (_isLeft || !Stops.TryStop(reason, outcome))
            {
                return;
            }

            _table.Cancel(reason, null, ref changes);
            changes.MayBeDone = true;
        }

        Stops.Signal();
        Apply(ref changes);
    }

    /// <summary>Ends a job: its result stands and is written down.</summary>
    /// <returns>A job that may start now and is not on its way yet, or <see langword="null"/>.</returns>
    internal JobState? End(JobState job, JobResult result)
    {
        Observer.JobFinished(job, result);
        JobChanges changes = default;
        bool stopsAll = false;
        FailFastScope? scope = null;
        lock (_lock)
        {
            job.Result = result;
            _table.End(job, result.Outcome, ref changes);
            if (result.Outcome.IsFailed() && !result.IsTeardown)
            {
                stopsAll = Options.AfterFailure == AfterFailure.Stop && Stops.TryStop($"the run was stopped after '{job.Job.Name}' {result.Outcome.Told()}", Outcome.Skipped);
                scope = job.Job.Settings.FailFast;
                if (stopsAll)
                {
                    _table.Cancel(Stops.Reason!, null, ref changes);
                }
                else if (scope is not null)
                {
                    _table.Cancel(Stops.StopScope(scope, job.Job.Name), other => other.Job.Settings.FailFast == scope, ref changes);
                }
            }

            changes.MayBeDone = MayBeDone();
        }

        if (stopsAll)
        {
            Stops.Signal();
        }
        else if (scope is not null)
        {
            Stops.Signal(scope);
        }

        return Apply(ref changes, job, _keepsOne);
    }

    /// <summary>Lets a job try again later; until then it holds nothing.</summary>
    internal void RetryLater(JobState job, TimeSpan delay)
    {
        // Before the timer runs: the next attempt asks anew, and what it then has must not be given back here.
        Claims.Release(job);
        bool isStopped;
        lock (_lock)
        {
            isStopped = Stops.IsStopped(job.Job);
            if (!isStopped)
            {
                _table.Set(job, JobStatus.BackingOff);
                if (delay > TimeSpan.Zero)
                {
                    job.RetryTimer = TimeProvider.CreateTimer(static state => ((JobState)state!).Engine.Retry((JobState)state), job, delay, Timeout.InfiniteTimeSpan);
                }
            }
        }

        if (isStopped)
        {
            Options.Dispatcher.Start(job);
        }
        else if (delay <= TimeSpan.Zero)
        {
            Retry(job);
        }
    }

    /// <summary>Lets the jobs that a group told of join the run.</summary>
    /// <returns>What is wrong with them, or <see langword="null"/>.</returns>
    internal string? Join(JobState group, PipelineBuilder more)
    {
        // Conditions are code of users, so they are asked before the lock is taken.
        if (GroupChecks.TryRead(more, Setup, out RunGraph graph, out IReadOnlyDictionary<string, RecordedJob> records) is { } unusable)
        {
            return unusable;
        }

        JobChanges changes = default;
        lock (_lock)
        {
            int known = _table.Jobs.Count;
            if (GroupChecks.FindProblem(group, more, graph, this) is { } problem)
            {
                return problem;
            }

            graph.MoveBy(known);
            _table.Join(group, graph.Nodes, records, ref changes);
            changes.MayBeDone = MayBeDone();
            _joined ??= [];
            foreach (GraphNode node in graph.Nodes)
            {
                _joined.Add(node.Job, _table.Jobs[node.Index]);
            }
        }

        Observer.JobsAdded(group, more);
        Apply(ref changes, group);
        return null;
    }

    /// <summary>Is told by the pool that a job now has what it asked for.</summary>
    internal void Granted(JobState job)
    {
        bool isWanted;
        lock (_lock)
        {
            isWanted = job.Status == JobStatus.Claiming;
            if (isWanted)
            {
                _table.Set(job, JobStatus.Working);
            }
        }

        if (isWanted)
        {
            Options.Dispatcher.Start(job);
        }
        else
        {
            Claims.Release(job);
        }
    }

    /// <summary>Ends the run with an error: what it did can no longer be written down, or the engine itself failed.</summary>
    internal void Fault(JobState? job, Exception error)
    {
        Interlocked.CompareExchange(ref _fault, error, null);
        Cancel("the run was broken off", Outcome.Failure);
        if (job is not null)
        {
            JobChanges changes = default;
            lock (_lock)
            {
                _table.End(job, Outcome.Failure, ref changes);
                changes.MayBeDone = true;
            }

            Apply(ref changes, job);
        }
    }

    /// <summary>Tells that a job has to be done again when the run goes on.</summary>
    internal void GoesOn() => Volatile.Write(ref _goesOn, true);

    internal bool CanGoOn => Volatile.Read(ref _goesOn);

    internal bool IsFaulted => Volatile.Read(ref _fault) is not null;

    /// <summary>Looks whether the run has ended, or whether all that is left waits for people and it was told not to wait with it.</summary>
    internal void EndIfDone()
    {
        bool isLeft;
        lock (_lock)
        {
            int moving = _table.Moving;
            if (_isEnding)
            {
                return;
            }

            isLeft = Options.AtApproval == AtApproval.Leave && moving > 0 && !Stops.IsStopping && Approvals.TryLeave(moving);
            if (moving > 0 && !isLeft)
            {
                return;
            }

            _isLeft = isLeft;

            _isEnding = true;
            if (moving == 0 && _table.Open > 0)
            {
                // Nothing is at work, on its way or due, so nothing can ever change: this is a proof and no guess. Checks at building and joining keep it from happening.
                Interlocked.CompareExchange(ref _fault, Stuck(), null);
            }
        }

        Options.Dispatcher.Start(new EndingWork(() => _ = RunEnding.EndAsync(this, isLeft, _fault, _completion, _cancellation)));
    }

    private void AbandonBlocked()
    {
        JobState[] blocked;
        lock (_lock)
        {
            blocked = [.. _table.Jobs.Where(job => job.Status == JobStatus.Working && !AttemptRunner.HasOwnStop(job))];
        }

        foreach (JobState job in blocked)
        {
            AttemptRunner.AbandonIfBlocked(job, null);
        }
    }

    private void Retry(JobState job)
    {
        JobChanges changes = default;
        lock (_lock)
        {
            if (job.Status != JobStatus.BackingOff)
            {
                return;
            }

            _table.Retry(job, ref changes);
        }

        Apply(ref changes);
    }

    /// <summary>Does what follows from a change. Who is behind a job that ended asks for resources before that job gives back its own, so that the order among those who wait decides.</summary>
    private JobState? Apply(ref JobChanges changes, JobState? done = null, bool keepsOne = false)
    {
        if (changes.Ended is { } ended)
        {
            Tell(ended);
            changes.MayBeDone = true;
        }

        foreach (Claim claim in changes.Dropped ?? [])
        {
            Claims.Drop(claim);
        }

        JobState? kept = keepsOne ? changes.TakeOneAtWork() : null;
        changes.ForEachReady(_start, Claims.Order);
        if (done is not null)
        {
            Claims.Release(done);
        }

        foreach (JobState group in changes.Gathered ?? [])
        {
            Options.Dispatcher.Start(group);
        }

        foreach (JobState job in changes.Woken ?? [])
        {
            job.RetryTimer?.Dispose();
            Options.Dispatcher.Start(job);
        }

        if (changes.MayBeDone)
        {
            EndIfDone();
        }

        return kept;
    }

    private void Tell(List<JobState> ended)
    {
        foreach (JobState job in ended)
        {
            job.Result = RunResults.Unstarted(job);
            Observer.JobFinished(job, job.Result);
        }

        lock (_lock)
        {
            _table.Told(ended.Count);
        }
    }

    private bool MayBeDone() => _table.Moving == 0 || Options.AtApproval == AtApproval.Leave;

    private void Start(JobState job)
    {
        if (job.Status == JobStatus.Working)
        {
            Options.Dispatcher.Start(job);
        }
        else if (Claims.TryAcquire(job))
        {
            Granted(job);
        }
        else
        {
            Observer.JobQueued(job);
        }
    }

    private DevOpsException Stuck() => new(
        $"The run '{Setup.RunId}' cannot go on: {string.Join("; ", _table.Jobs.Where(job => job.Status != JobStatus.Ended).Take(20).Select(job => $"'{job.Job.Name}' still waits for {job.Missing} others"))}. This is a mistake in the engine: please report the pipeline.");
}
