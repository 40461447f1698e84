namespace DevOps.Pipelines.Testing;

/// <summary>A timer of a virtual clock. What orders it is changed by the clock alone, while the timer is not among those that run.</summary>
internal sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, ITimerOwner? owner) : ITimer
{
    internal ITimerOwner? Owner => owner;

    internal DateTimeOffset DueAt { get; set; }

    internal long Sequence { get; set; }

    internal TimeSpan Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        clock.Start(this, dueTime, period);
        return true;
    }

    public void Dispose() => clock.Start(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire() => callback(state);
}
