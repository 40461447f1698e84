namespace DevOps.Pipelines;

/// <summary>How an attempt ended.</summary>
internal readonly record struct AttemptEnd(Outcome Outcome, string? Reason, Exception? Exception, Failure Kind)
{
    /// <summary>Gets whether its code may still be at work. Another attempt would work beside it.</summary>
    internal bool MayStillRun { get; init; }
}
