namespace DevOps.Pipelines;

/// <summary>What tells the jobs of a run to stop: the whole run, or a set that fails fast, or the end of the time for clearing up.</summary>
internal sealed class RunStops(RunOptions options, Action<Exception> failed) : IDisposable
{
    private readonly CancellationTokenSource _run = new();
    private readonly CancellationTokenSource _teardown = new();
    private readonly CancellationTokenSource _post = new();
    private readonly TaskCompletionSource _givenUp = new(options.Dispatcher.Continuations);
    private readonly Dictionary<FailFastScope, (CancellationTokenSource Source, string? Reason)> _scopes = [];
    private ITimer? _timeout;
    private ITimer? _giveUp;
    private ITimer? _endTeardown;
    private ITimer? _endPost;
    private bool _isAtEnd;

    /// <summary>Gets why the run stops, or <see langword="null"/>.</summary>
    internal string? Reason { get; private set; }

    /// <summary>Gets what the stop itself counts as.</summary>
    internal Outcome Outcome { get; private set; }

    internal bool IsStopping => Reason is not null;

    internal CancellationToken TeardownToken => _teardown.Token;

    /// <summary>Gets what ends the work that follows the run: it has a time of its own, whatever clearing up took.</summary>
    internal CancellationToken PostToken => _post.Token;

    /// <summary>Gets what ends once jobs that were told to stop had their time for it.</summary>
    internal Task GivenUp => _givenUp.Task;

    internal void BeginTimeout(Action onTimeout)
    {
        if (options.Timeout is { } timeout)
        {
            _timeout = options.TimeProvider.CreateTimer(static state => ((Action)state!)(), onTimeout, timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Decides that the run stops. Called under the engine's lock; <see cref="Signal()"/> follows without it.</summary>
    internal bool TryStop(string reason, Outcome outcome)
    {
        if (IsStopping)
        {
            return false;
        }

        (Reason, Outcome) = (reason, outcome);
        return true;
    }

    /// <summary>Decides that a set of jobs stops, and returns why. Called under the engine's lock.</summary>
    internal string StopScope(FailFastScope scope, string failed)
    {
        lock (_scopes)
        {
            (CancellationTokenSource source, string? reason) = Scope(scope);
            reason ??= $"it was stopped after '{failed}' failed";
            _scopes[scope] = (source, reason);
            return reason;
        }
    }

    internal void Signal()
    {
        _giveUp = options.TimeProvider.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), _givenUp, options.StopTimeout, System.Threading.Timeout.InfiniteTimeSpan);
        _endTeardown = End(_teardown);
        if (Volatile.Read(ref _isAtEnd))
        {
            _endPost = End(_post);
        }

        SafeCancellation.Cancel(_run, failed);
    }

    /// <summary>Begins the work that follows the run. It is ended some time after the run was stopped, before or meanwhile.</summary>
    internal void BeginPost()
    {
        Volatile.Write(ref _isAtEnd, true);
        if (IsStopping)
        {
            _endPost = End(_post);
        }
    }

    internal void Signal(FailFastScope scope)
    {
        CancellationTokenSource source;
        lock (_scopes)
        {
            source = _scopes[scope].Source;
        }

        SafeCancellation.Cancel(source, failed);
    }

    internal bool IsStopped(Job job) => ReasonFor(job) is not null;

    internal string? ReasonFor(Job job)
    {
        if (job.Settings.RunsAlways)
        {
            return null;
        }

        if (Reason is not null || job.Settings.FailFast is not { } scope)
        {
            return Reason;
        }

        lock (_scopes)
        {
            return _scopes.TryGetValue(scope, out (CancellationTokenSource Source, string? Reason) found) ? found.Reason : null;
        }
    }

    internal CancellationToken TokenFor(Job job) => job.Settings switch
    {
        { RunsAlways: true } => _teardown.Token,
        { FailFast: { } scope } => Scope(scope).Source.Token,
        _ => _run.Token,
    };

    public void Dispose()
    {
        _timeout?.Dispose();
        _giveUp?.Dispose();
        _endTeardown?.Dispose();
        _endPost?.Dispose();
    }

    private ITimer End(CancellationTokenSource source) =>
        options.TimeProvider.CreateTimer(_ => SafeCancellation.Cancel(source, failed), null, options.TeardownTimeout, System.Threading.Timeout.InfiniteTimeSpan);

    private (CancellationTokenSource Source, string? Reason) Scope(FailFastScope scope)
    {
        lock (_scopes)
        {
            if (!_scopes.TryGetValue(scope, out (CancellationTokenSource Source, string? Reason) found))
            {
                _scopes.Add(scope, found = (CancellationTokenSource.CreateLinkedTokenSource(_run.Token), null));
            }

            return found;
        }
    }
}
