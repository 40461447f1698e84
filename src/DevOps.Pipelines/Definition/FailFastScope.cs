namespace DevOps.Pipelines;

/// <summary>Names a set of jobs of which the first that fails stops the others.</summary>
internal sealed class FailFastScope;
