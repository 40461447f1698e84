namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>The clock of a registry that outlives the case whose clock it goes by.</summary>
internal sealed class SwitchedClock : TimeProvider
{
    internal TimeProvider Inner { get; set; } = System;

    public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Inner.CreateTimer(callback, state, dueTime, period);
}
