namespace DevOps.Pipelines;

/// <summary>Finds for each job how long the longest way from its start to the end of the run is, by what jobs took before.</summary>
internal static class CriticalPath
{
    internal static long[] RemainingTicks(RunGraph graph, IReadOnlyDictionary<string, TimeSpan> durations)
    {
        GraphNode[] nodes = graph.Nodes;
        long[] remaining = new long[nodes.Length];
        int[] open = [.. nodes.Select(node => node.Dependants.Count)];
        Queue<GraphNode> next = new(nodes.Where(node => node.Dependants.Count == 0));
        while (next.TryDequeue(out GraphNode? node))
        {
            remaining[node.Index] += durations.GetValueOrDefault(node.Job.Name).Ticks;
            foreach (GraphEdge edge in node.Waits)
            {
                int index = edge.Node.Index;
                remaining[index] = Math.Max(remaining[index], remaining[node.Index]);
                if (--open[index] == 0)
                {
                    next.Enqueue(edge.Node);
                }
            }
        }

        return remaining;
    }
}
