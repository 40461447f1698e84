namespace DevOps.Pipelines;

/// <summary>How a step of a job ended.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it did not succeed, in words.</param>
public sealed record StepResult(string Name, DateTimeOffset StartedAt, TimeSpan Duration, Outcome Outcome, string? Reason);
