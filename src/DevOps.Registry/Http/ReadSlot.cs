namespace DevOps.Registry;

/// <summary>The slot of a blob that is read. It comes free when the blob was read or is let go of; and also when nobody reads it for long, for a stream that was forgotten must not stop all others. Who then reads on does so without a slot.</summary>
internal sealed class ReadSlot : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _longest;
    private readonly ITimer _timer;
    private SemaphoreSlim? _slots;
    private long _movedAt;

    internal ReadSlot(SemaphoreSlim slots, TimeProvider time, TimeSpan longest)
    {
        (_slots, _time, _longest, _movedAt) = (slots, time, longest, time.GetTimestamp());
        _timer = time.CreateTimer(static slot => ((ReadSlot)slot!).Look(), this, longest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes note that somebody reads.</summary>
    internal void Move() => Volatile.Write(ref _movedAt, _time.GetTimestamp());

    /// <summary>Gives the slot back. Doing so again does nothing.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Interlocked.Exchange(ref _slots, null)?.Release();
    }

    private void Look()
    {
        TimeSpan left = _longest - _time.GetElapsedTime(Volatile.Read(ref _movedAt));
        if (left <= TimeSpan.Zero)
        {
            Dispose();
        }
        else
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
