namespace DevOps.Pipelines;

/// <summary>How a job or a run ended. The order is that of how outcomes combine: the outcome of several is the greatest.</summary>
/// <remarks>The whole algebra stands in docs/outcomes.md.</remarks>
public enum Outcome
{
    /// <summary>It did not start: its condition was not met, or something that it needs did not succeed. Adds nothing to others.</summary>
    Skipped,

    /// <summary>It did what it should.</summary>
    Success,

    /// <summary>It ended with something to look at, as a failure that is tolerated; what needs it runs.</summary>
    Unstable,

    /// <summary>It was stopped from outside before its end.</summary>
    Cancelled,

    /// <summary>It took longer than it may.</summary>
    TimedOut,

    /// <summary>It failed.</summary>
    Failure,
}
