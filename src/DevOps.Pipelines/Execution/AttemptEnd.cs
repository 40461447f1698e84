namespace DevOps.Pipelines;

/// <summary>How an attempt ended.</summary>
internal readonly record struct AttemptEnd(Outcome Outcome, string? Reason, Exception? Exception, Failure Kind);
