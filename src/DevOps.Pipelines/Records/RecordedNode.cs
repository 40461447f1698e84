using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A job of the graph as it was when the run began. <see cref="Needs"/> are places in the graph, with how it waits.</summary>
internal sealed record RecordedNode(string Name, JobKind Kind, string? ResultType, ImmutableArray<(int Node, EdgeKind Kind)> Needs);
