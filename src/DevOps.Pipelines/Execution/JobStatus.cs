namespace DevOps.Pipelines;

/// <summary>Where a job is in its life.</summary>
internal enum JobStatus
{
    /// <summary>Something that it waits for has not ended.</summary>
    Waiting,

    /// <summary>It may start once it has what it shares with others.</summary>
    Claiming,

    /// <summary>It is in the hands of a thread, or of a task.</summary>
    Working,

    /// <summary>An attempt failed and the next is due later.</summary>
    BackingOff,

    /// <summary>Its jobs joined the run and have yet to end.</summary>
    Expanded,

    /// <summary>It ended.</summary>
    Ended,
}
