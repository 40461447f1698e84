namespace DevOps.Pipelines;

/// <summary>One attempt of a job.</summary>
/// <param name="Number">Which; the first is 1.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Duration">How long it worked.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">What went wrong.</param>
public sealed record JobAttempt(int Number, DateTimeOffset StartedAt, TimeSpan Duration, Outcome Outcome, JobError? Error);
