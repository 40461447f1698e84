using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>An approval of a run in a store that waits for people.</summary>
/// <param name="Job">The name of the job that waits.</param>
/// <param name="RequestedAt">Since when.</param>
/// <param name="Decisions">What was decided so far. What was posted and not yet taken by the run is not among it.</param>
public sealed record WaitingApproval(string Job, DateTimeOffset RequestedAt, ImmutableArray<ApprovalDecision> Decisions);
