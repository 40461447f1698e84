namespace DevOps.Pipelines;

/// <summary>That a job works on a resource which one run has at a time.</summary>
internal readonly record struct ResourceGroupUse(string Name, ResourceGroupMode Mode);
