namespace DevOps.Pipelines.Testing;

/// <summary>Counts the timers that run for it. Called under the clock's lock.</summary>
internal interface ITimerOwner
{
    void Started();

    void Stopped();
}
