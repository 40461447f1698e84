namespace DevOps.Pipelines.Testing;

/// <summary>Decides the approvals of pipelines under test.</summary>
public static class PipelineTesterApprovals
{
    /// <summary>Lets a person approve.</summary>
    /// <param name="tester">The tester.</param>
    /// <param name="job">The name of the approval.</param>
    /// <param name="by">Who approves.</param>
    /// <param name="after">How long after the question, by the clock; at once if <see langword="null"/>.</param>
    /// <returns>The tester.</returns>
    public static PipelineTester Approves(this PipelineTester tester, string job, string by, TimeSpan? after = null) =>
        tester.Decides(job, new() { By = by, Verdict = ApprovalVerdict.Approve }, after);

    /// <summary>Lets a person reject.</summary>
    /// <param name="tester">The tester.</param>
    /// <param name="job">The name of the approval.</param>
    /// <param name="by">Who rejects.</param>
    /// <param name="after">How long after the question, by the clock; at once if <see langword="null"/>.</param>
    /// <returns>The tester.</returns>
    public static PipelineTester Rejects(this PipelineTester tester, string job, string by, TimeSpan? after = null) =>
        tester.Decides(job, new() { By = by, Verdict = ApprovalVerdict.Reject }, after);

    /// <summary>Lets a person decide. A decision that comes when nothing waits for it any more is dropped; one that does not count for another reason is an error of the test.</summary>
    /// <param name="tester">The tester.</param>
    /// <param name="job">The name of the approval.</param>
    /// <param name="decision">What is decided.</param>
    /// <param name="after">How long after the question, by the clock; at once if <see langword="null"/>.</param>
    /// <returns>The tester.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer than a timer runs.</exception>
    public static PipelineTester Decides(this PipelineTester tester, string job, ApprovalDecision decision, TimeSpan? after = null)
    {
        ArgumentNullException.ThrowIfNull(tester);
        ArgumentException.ThrowIfNullOrWhiteSpace(job);
        ArgumentNullException.ThrowIfNull(decision);
        Durations.ThrowIfNoDelay(after ?? TimeSpan.Zero, nameof(after));
        tester.Decisions.Add(new(job, decision, after ?? TimeSpan.Zero));
        return tester;
    }
}
