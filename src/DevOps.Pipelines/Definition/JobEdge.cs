namespace DevOps.Pipelines;

/// <summary>That a job waits for another.</summary>
/// <param name="Job">The other.</param>
/// <param name="Kind">How it waits.</param>
/// <param name="Condition">When the edge is part of a plan; always if <see langword="null"/>.</param>
internal readonly record struct JobEdge(Job Job, EdgeKind Kind, RunCondition? Condition = null);
