namespace DevOps.Pipelines;

/// <summary>The stop of one attempt of a job that can be stopped by itself: its time, the set that fails fast, or the end of the time for clearing up.</summary>
internal sealed class AttemptWatch : IDisposable
{
    private readonly JobState _job;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _late;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer? _timeout;
    private ITimer? _giveUp;
    private bool _isDisposed;

    internal AttemptWatch(JobState job)
    {
        _job = job;
        _late = new(job.Engine.Options.Dispatcher.Continuations);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(job.Engine.Stops.TokenFor(job.Job));
        _registration = _stop.Token.UnsafeRegister(static watch => ((AttemptWatch)watch!).Told(), this);
        if (job.Job.Settings.Timeout is { } timeout)
        {
            _timeout = job.Engine.TimeProvider.CreateTimer(static watch => ((AttemptWatch)watch!).TimeOut(), this, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    internal CancellationToken Token => _stop.Token;

    /// <summary>Gets whether its time was over before anything else stopped it.</summary>
    internal bool IsTimedOut { get; private set; }

    /// <summary>Gets what ends some time after the attempt was told to stop.</summary>
    internal Task Late => _late.Task;

    public void Dispose()
    {
        _timeout?.Dispose();
        _registration.Dispose();
        lock (_stop)
        {
            _isDisposed = true;
            _giveUp?.Dispose();
        }

        _stop.Dispose();
    }

    private void TimeOut()
    {
        IsTimedOut = !_stop.IsCancellationRequested;
        SafeCancellation.Cancel(_stop, _job.Engine.Observer.Telemetry.CallbackFailed);
    }

    private void Told()
    {
        lock (_stop)
        {
            if (!_isDisposed)
            {
                _giveUp = _job.Engine.TimeProvider.CreateTimer(static watch => ((AttemptWatch)watch!).GiveUp(), this, _job.Engine.Options.StopTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void GiveUp()
    {
        _late.TrySetResult();
        AttemptRunner.AbandonIfBlocked(_job, this);
    }
}
