namespace DevOps.Registry;

/// <summary>Ends waits in which nothing moves. What moves may take as long as it takes, so there is no limit on the whole.</summary>
internal sealed class SilenceLimit(TimeProvider time, TimeSpan longest) : IDisposable
{
    private CancellationTokenSource? _either;
    private CancellationTokenRegistration _registration;
    private CancellationToken _caller;

    internal TimeSpan Longest => longest;

    /// <summary>Begins a wait. Its token ends when the caller's does, or when the wait was too long.</summary>
    internal CancellationToken Begin(CancellationToken caller)
    {
        if (_either is null || _either.IsCancellationRequested || caller != _caller)
        {
            Dispose();
            CancellationTokenSource either = new(Timeout.InfiniteTimeSpan, time);
            (_either, _caller) = (either, caller);
            _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), either);
        }

        _either.CancelAfter(longest);
        return _either.Token;
    }

    /// <summary>Begins the wait anew: something moved.</summary>
    internal void Restart() => _either?.CancelAfter(longest);

    /// <summary>Ends the wait: something came.</summary>
    internal void End() => _either?.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _registration.Dispose();
        _either?.Dispose();
        _either = null;
    }
}
