using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Something happened in a run.</summary>
/// <param name="At">When it happened.</param>
public abstract record PipelineEvent(DateTimeOffset At);

/// <summary>A run started, or was taken up again.</summary>
/// <param name="At">When.</param>
/// <param name="RunId">The run.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Jobs">The names of its jobs, in the order they were added.</param>
public sealed record RunStarted(DateTimeOffset At, string RunId, string Pipeline, ImmutableArray<string> Jobs) : PipelineEvent(At);

/// <summary>A run ended.</summary>
/// <param name="At">When.</param>
/// <param name="Result">How.</param>
public sealed record RunFinished(DateTimeOffset At, PipelineResult Result) : PipelineEvent(At);

/// <summary>Something happened to a job.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it happened.</param>
public abstract record JobEvent(string Job, DateTimeOffset At) : PipelineEvent(At);

/// <summary>A job could start and waits for something that it shares with others.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it began to wait.</param>
/// <param name="For">What it waits for.</param>
public sealed record JobQueued(string Job, DateTimeOffset At, string For) : JobEvent(Job, At);

/// <summary>A job started.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it started.</param>
/// <param name="Attempt">Which attempt this is; the first is 1.</param>
public sealed record JobStarted(string Job, DateTimeOffset At, int Attempt = 1) : JobEvent(Job, At);

/// <summary>An attempt failed, and another follows.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When the attempt failed.</param>
/// <param name="Attempt">Which attempt failed.</param>
/// <param name="Error">How.</param>
/// <param name="Delay">How long the job waits before the next.</param>
public sealed record JobRetried(string Job, DateTimeOffset At, int Attempt, JobError Error, TimeSpan Delay) : JobEvent(Job, At);

/// <summary>A job wrote a line to its log.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Line">The line.</param>
public sealed record JobLogged(string Job, LogLine Line) : JobEvent(Job, Line.At);

/// <summary>A job told in a few words what it is doing; the words replace those before.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it told.</param>
/// <param name="Status">The words.</param>
public sealed record JobStatusChanged(string Job, DateTimeOffset At, string Status) : JobEvent(Job, At);

/// <summary>A step of a job started.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it started.</param>
/// <param name="Step">The step's name.</param>
public sealed record StepStarted(string Job, DateTimeOffset At, string Step) : JobEvent(Job, At);

/// <summary>A step of a job ended.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it ended.</param>
/// <param name="Result">How.</param>
public sealed record StepFinished(string Job, DateTimeOffset At, StepResult Result) : JobEvent(Job, At);

/// <summary>Jobs joined the run while it went on.</summary>
/// <param name="Job">The name of the group that they are of.</param>
/// <param name="At">When.</param>
/// <param name="Added">Their names.</param>
public sealed record JobsAdded(string Job, DateTimeOffset At, ImmutableArray<string> Added) : JobEvent(Job, At);

/// <summary>A job waits for people to decide.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it began to wait.</param>
/// <param name="Approval">What is asked.</param>
public sealed record ApprovalRequested(string Job, DateTimeOffset At, PendingApproval Approval) : JobEvent(Job, At);

/// <summary>A person decided.</summary>
/// <param name="Job">The name of the job that waits.</param>
/// <param name="At">When.</param>
/// <param name="Decision">What.</param>
public sealed record ApprovalDecided(string Job, DateTimeOffset At, ApprovalDecision Decision) : JobEvent(Job, At);

/// <summary>A job ended, or will never start.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="At">When it ended.</param>
/// <param name="Result">How.</param>
public sealed record JobFinished(string Job, DateTimeOffset At, JobResult Result) : JobEvent(Job, At);
