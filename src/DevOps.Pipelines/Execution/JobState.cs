namespace DevOps.Pipelines;

/// <summary>One job in one run. What concerns the graph is guarded by the engine's lock; the rest belongs to who works on the job.</summary>
internal sealed class JobState(RunEngine engine, GraphNode node) : IThreadPoolWorkItem, IClaimOwner
{
    private const int InCall = 1;
    private const int Abandoned = 2;

    private int _call;
    private JobWorkState? _work;

    internal RunEngine Engine => engine;

    internal GraphNode Node => node;

    internal Job Job => node.Job;

    /// <summary>Gets the job's place among all jobs of the run.</summary>
    internal int Index => node.Index;

    internal JobStatus Status { get; set; }

    /// <summary>Gets or sets how many of those it waits for have not ended.</summary>
    internal int Missing { get; set; } = node.Waits.Count;

    /// <summary>Gets or sets the last of those it waits for that ended.</summary>
    internal JobState? LastNeed { get; set; }

    /// <summary>Gets or sets the first of those it needs that did not end well.</summary>
    internal JobState? Blocker { get; set; }

    /// <summary>Gets or sets how it ended.</summary>
    internal Outcome Outcome { get; set; }

    /// <summary>Gets or sets whether it was skipped because of something that went wrong, not because of a condition.</summary>
    internal bool IsBehindFailure { get; set; }

    /// <summary>Gets or sets the group that it joined the run with.</summary>
    internal JobState? Group { get; set; }

    /// <summary>Gets or sets how many jobs of the group have not ended.</summary>
    internal int OpenChildren { get; set; }

    /// <summary>Gets or sets what joined the run later and waits for this job.</summary>
    internal List<GraphEdge>? JoinedDependants { get; set; }

    /// <summary>Gets or sets what it waits for and had ended before it joined the run.</summary>
    internal IEnumerable<(JobState Job, EdgeKind Kind)>? EndedBefore { get; set; }

    /// <summary>Gets or sets the outcome of the group's jobs together.</summary>
    internal Outcome ChildrenOutcome { get; set; }

    internal Claim? Claim { get; set; }

    internal ITimer? RetryTimer { get; set; }

    /// <summary>Gets or sets why it ended without having worked.</summary>
    internal string? EndReason { get; set; }

    internal JobResult? Result { get; set; }

    internal object? Value { get; set; }

    internal bool HasValue { get; set; }

    /// <summary>Gets or sets the record of an earlier part of the run that stands for the job.</summary>
    internal RecordedJob? Record { get; set; }

    /// <summary>Gets or sets whether a thread has looked at the job.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>Gets or sets when the first attempt started.</summary>
    internal DateTimeOffset StartedAt { get; set; }

    internal long StartTimestamp { get; set; }

    /// <summary>Gets or sets the number of the last attempt that started; the first is 1.</summary>
    internal int Attempt { get; set; }

    /// <summary>Gets what the job gathers besides, made when there is something.</summary>
    internal JobWorkState Work => LazyInitializer.EnsureInitialized(ref _work, static () => new());

    internal JobWorkState? WorkIfAny => Volatile.Read(ref _work);

    /// <summary>Gets or sets since when the job could start and waits for resources.</summary>
    internal long? QueuedSince { get; set; }

    /// <summary>Gets or sets what the job waited for when it could have started.</summary>
    internal string? QueuedBehind { get; set; }

    internal bool RunsAlways => Job.Settings.RunsAlways;

    /// <summary>Begins the call of the job's code; until it returns, its thread may be blocked.</summary>
    internal void EnterCall() => Volatile.Write(ref _call, InCall);

    /// <summary>Ends the call.</summary>
    /// <returns>Whether the job is still the caller's: nobody ended it meanwhile.</returns>
    internal bool TryLeaveCall() => Interlocked.CompareExchange(ref _call, 0, InCall) == InCall;

    /// <summary>Takes the job from the thread that its code blocks.</summary>
    internal bool TryAbandonCall() => Interlocked.CompareExchange(ref _call, Abandoned, InCall) == InCall;

    public void Execute()
    {
        // What a job lets start goes on this thread, if the job never left it: a chain of jobs costs no way through the queue of the pool.
        JobState? next = this;
        while (next is not null)
        {
            ValueTask<JobState?> run = JobExecution.RunAsync(next);
            if (!run.IsCompleted)
            {
                _ = HandOnAsync(run);
                return;
            }

            next = run.Result;
        }
    }

    private async Task HandOnAsync(ValueTask<JobState?> run)
    {
        if (await run.ConfigureAwait(false) is { } next)
        {
            engine.Options.Dispatcher.Start(next);
        }
    }

    public void Granted() => engine.Granted(this);

    /// <summary>Returns the value, read from the record if the job did not run in this process.</summary>
    internal object? ReadValue()
    {
        if (!HasValue && Record is { Value: { } json } && Job.Codec is { } codec)
        {
            (Value, HasValue) = (codec.Read(json.Span), true);
        }

        return Value;
    }
}
