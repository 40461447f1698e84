using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>An approval that people have yet to decide.</summary>
/// <param name="Job">The name of the job that waits.</param>
/// <param name="Message">What is asked.</param>
/// <param name="From">Who may decide; anyone if empty.</param>
/// <param name="Quorum">How many must approve.</param>
/// <param name="RequestedAt">Since when it waits.</param>
/// <param name="ExpiresAt">Until when people have time, or <see langword="null"/>.</param>
/// <param name="Decisions">What was decided so far.</param>
public sealed record PendingApproval(
    string Job, string Message, ImmutableArray<string> From, int Quorum, DateTimeOffset RequestedAt, DateTimeOffset? ExpiresAt, ImmutableArray<ApprovalDecision> Decisions);
