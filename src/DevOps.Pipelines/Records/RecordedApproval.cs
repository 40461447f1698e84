using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What an earlier part of the run asked people, and what they decided.</summary>
internal sealed record RecordedApproval(string Job, DateTimeOffset RequestedAt, ImmutableArray<ApprovalDecision> Decisions, ImmutableHashSet<string> Messages);
