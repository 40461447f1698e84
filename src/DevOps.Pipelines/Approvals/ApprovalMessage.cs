namespace DevOps.Pipelines;

/// <summary>A decision on its way from another process.</summary>
internal sealed record ApprovalMessage(string Job, ApprovalDecision Decision);
