namespace DevOps.Pipelines;

/// <summary>A job that had started when a run broke off, and of which nobody knows how it ended.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Attempt">Which attempt had started.</param>
/// <param name="StartedAt">When.</param>
public sealed record InDoubtJob(string Job, int Attempt, DateTimeOffset StartedAt);
