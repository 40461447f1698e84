namespace DevOps.Pipelines;

/// <summary>Who wrote a line of a job's log.</summary>
public enum LogSource
{
    /// <summary>The job's own code.</summary>
    Job,

    /// <summary>The standard output of a process.</summary>
    Output,

    /// <summary>The error output of a process.</summary>
    Error,
}
