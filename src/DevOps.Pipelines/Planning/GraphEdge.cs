namespace DevOps.Pipelines;

/// <summary>The other end of an edge, and how one waits for the other.</summary>
internal readonly record struct GraphEdge(GraphNode Node, EdgeKind Kind);
