namespace DevOps.Pipelines;

/// <summary>Says what a program does with the signals that ask a process to end.</summary>
public enum ProgramSignals
{
    /// <summary>Takes SIGINT, SIGTERM and SIGHUP while a run is under way: the first stops the run and lets it clear up, the second no longer waits for that.</summary>
    Handle,

    /// <summary>Leaves them to the host; the cancellation token stops the run.</summary>
    Leave,
}
