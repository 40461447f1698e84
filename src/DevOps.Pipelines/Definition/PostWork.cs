namespace DevOps.Pipelines;

/// <summary>Work that follows a job or a run under a condition.</summary>
internal readonly record struct PostWork(PostCondition Condition, Func<PostContext, Task> Run)
{
    /// <summary>Returns whether the condition is met. <paramref name="previous"/> is the outcome of the last completed run, if there was one.</summary>
    internal bool IsMet(Outcome outcome, Outcome? previous) => Condition switch
    {
        PostCondition.Always or PostCondition.Cleanup => true,
        PostCondition.Changed => previous != outcome,
        PostCondition.Fixed => outcome == Outcome.Success && previous is (Outcome.Failure or Outcome.TimedOut or Outcome.Unstable),
        PostCondition.Regression => previous is (Outcome.Success or Outcome.Unstable) && outcome > previous,
        PostCondition.Aborted => outcome == Outcome.Cancelled,
        PostCondition.Success => outcome == Outcome.Success,
        PostCondition.Unsuccessful => outcome != Outcome.Success,
        PostCondition.Unstable => outcome == Outcome.Unstable,
        PostCondition.Failure => outcome is Outcome.Failure or Outcome.TimedOut,
        PostCondition.NotBuilt => outcome == Outcome.Skipped,
        _ => false,
    };
}
