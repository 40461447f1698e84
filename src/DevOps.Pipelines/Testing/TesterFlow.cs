namespace DevOps.Pipelines.Testing;

/// <summary>The work of one attempt of a job, with all that it calls. Counts the timers that it waits on; guarded by the clock's and the pump's locks.</summary>
internal sealed class TesterFlow(string? job, long number) : ITimerOwner
{
    private int _timers;

    internal string? Job => job;

    /// <summary>Gets the place among all flows, by their start.</summary>
    internal long Number => number;

    /// <summary>Gets or sets whether it was told to stop and has yet to notice. .NET lets what a cancelled Task.Delay is awaited by go on in the thread pool.</summary>
    internal bool IsToldToStop { get; set; }

    internal bool HasTimers => Volatile.Read(ref _timers) > 0;

    /// <summary>Gets or sets whether it was waited for in real time since it last did anything.</summary>
    internal bool WasWaitedFor { get; set; }

    public void Started() => Interlocked.Increment(ref _timers);

    public void Stopped() => Interlocked.Decrement(ref _timers);
}
