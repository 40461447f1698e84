namespace DevOps.Pipelines.Testing;

/// <summary>What a person will decide, and how long after the question.</summary>
internal sealed record ScriptedDecision(string Job, ApprovalDecision Decision, TimeSpan After);
