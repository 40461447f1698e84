namespace DevOps.Pipelines;

/// <summary>How outcomes combine.</summary>
public static class OutcomeRules
{
    /// <summary>Returns the outcome of two together: the worse one. It does not matter in which order or how often outcomes are combined, and <see cref="Outcome.Skipped"/> adds nothing.</summary>
    /// <param name="one">An outcome.</param>
    /// <param name="other">Another.</param>
    public static Outcome And(this Outcome one, Outcome other) => one > other ? one : other;

    /// <summary>Returns whether a job that needs one with this outcome may run.</summary>
    /// <param name="outcome">The outcome.</param>
    public static bool IsGood(this Outcome outcome) => outcome is Outcome.Success or Outcome.Unstable;

    /// <summary>Returns whether something went wrong by itself: a failure or a timeout.</summary>
    /// <param name="outcome">The outcome.</param>
    public static bool IsFailed(this Outcome outcome) => outcome is Outcome.Failure or Outcome.TimedOut;

    /// <summary>Returns the outcome as a word that goes after a name: <c>failed</c>, <c>was skipped</c>.</summary>
    internal static string Told(this Outcome outcome) => outcome switch
    {
        Outcome.Success => "succeeded",
        Outcome.Unstable => "is unstable",
        Outcome.Failure => "failed",
        Outcome.TimedOut => "timed out",
        Outcome.Cancelled => "was cancelled",
        _ => "was skipped",
    };
}
