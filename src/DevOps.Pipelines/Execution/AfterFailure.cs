namespace DevOps.Pipelines;

/// <summary>Says what a failed job does to the jobs that do not wait for it.</summary>
public enum AfterFailure
{
    /// <summary>They go on to their end.</summary>
    Continue,

    /// <summary>They are stopped: jobs at work are told, and no other starts, except those that always run.</summary>
    Stop,
}
