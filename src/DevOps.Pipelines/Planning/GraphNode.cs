using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A job in the graph of a run. Immutable once the graph is made, and shared by runs; that of a group gets its places when it joins one.</summary>
internal sealed class GraphNode(int index, Job job)
{
    private ImmutableArray<string> _needs;

    internal int Index { get; private set; } = index;

    internal Job Job => job;

    /// <summary>Gets what the job waits for.</summary>
    internal List<GraphEdge> Waits { get; } = [];

    /// <summary>Gets what waits for the job.</summary>
    internal List<GraphEdge> Dependants { get; } = [];

    /// <summary>Gets why the job is skipped before anything runs, or <see langword="null"/>.</summary>
    internal string? SkipReason { get; set; }

    /// <summary>Gets the names of the jobs that must succeed.</summary>
    internal ImmutableArray<string> NeedNames
    {
        get
        {
            if (_needs.IsDefault)
            {
                ImmutableInterlocked.InterlockedInitialize(ref _needs, [.. Waits.Where(edge => edge.Kind != EdgeKind.Order && edge.Node.Job.Kind != JobKind.Gate).Select(edge => edge.Node.Job.Name)]);
            }

            return _needs;
        }
    }

    internal void MoveBy(int places) => Index += places;

    internal void WaitFor(GraphNode other, EdgeKind kind)
    {
        Waits.Add(new(other, kind));
        other.Dependants.Add(new(this, kind));
    }
}
