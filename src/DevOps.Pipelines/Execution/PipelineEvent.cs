namespace DevOps.Pipelines;

/// <summary>Something happened in a run.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it happened.</param>
public abstract record PipelineEvent(string Job, DateTimeOffset At);

/// <summary>A job started.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it started.</param>
public sealed record JobStarted(string Job, DateTimeOffset At) : PipelineEvent(Job, At);

/// <summary>A job wrote a line to its log.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Line">The line.</param>
public sealed record JobLogged(string Job, LogLine Line) : PipelineEvent(Job, Line.At);

/// <summary>A job told in a few words what it is doing; the words replace those before.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it told.</param>
/// <param name="Status">The words.</param>
public sealed record JobStatusChanged(string Job, DateTimeOffset At, string Status) : PipelineEvent(Job, At);

/// <summary>A job ended, or will never start.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it ended.</param>
/// <param name="Result">How.</param>
public sealed record JobFinished(string Job, DateTimeOffset At, JobResult Result) : PipelineEvent(Job, At);
