namespace DevOps.Pipelines;

/// <summary>Puts the jobs of a run in order.</summary>
internal static class PlanOrder
{
    /// <summary>Returns the jobs, each behind all that it waits for; among jobs that could come next, the one added first. Tells of the first place where there was a choice.</summary>
    internal static (List<GraphNode> Nodes, FreeOrder? FreeOrder) Of(RunGraph graph)
    {
        // Kahn's algorithm. Gates go first: they are no choice.
        int[] missing = [.. graph.Nodes.Select(node => node.Waits.Count)];
        List<GraphNode> order = new(graph.Nodes.Length);
        FreeOrder? free = null;
        PriorityQueue<GraphNode, int> next = new(graph.Nodes.Where(node => node.Waits.Count == 0).Select(node => (node, PlaceOf(node))));
        while (next.TryDequeue(out GraphNode? node, out _))
        {
            if (node.Job.Kind != JobKind.Gate)
            {
                order.Add(node);
                if (free is null && next.TryPeek(out GraphNode? other, out _))
                {
                    free = new(node.Job.Name, other.Job.Name);
                }
            }

            foreach (GraphEdge edge in node.Dependants)
            {
                if (--missing[edge.Node.Index] == 0)
                {
                    next.Enqueue(edge.Node, PlaceOf(edge.Node));
                }
            }
        }

        return (order, free);
    }

    private static int PlaceOf(GraphNode node) => node.Job.Kind == JobKind.Gate ? -1 : node.Index;
}
