namespace DevOps.Pipelines;

/// <summary>Finds which finished jobs a run that goes on takes as they are.</summary>
internal static class ResumeSelection
{
    /// <summary>Returns what stays finished. A job runs again if its result is needed by one that has yet to run, and is not there: it could not be written down, or the job sets up something in the process.</summary>
    internal static Dictionary<string, RecordedJob> Keep(RunGraph graph, IReadOnlyDictionary<string, RecordedJob> recorded, Predicate<GraphNode> runsAgain)
    {
        Dictionary<string, RecordedJob> kept = new(recorded, StringComparer.OrdinalIgnoreCase);
        Queue<GraphNode> open = new();
        foreach (GraphNode node in graph.Nodes.Where(node => node.Job.Kind != JobKind.Gate))
        {
            if (runsAgain(node))
            {
                kept.Remove(node.Job.Name);
            }

            if (!kept.ContainsKey(node.Job.Name) && node.SkipReason is null)
            {
                open.Enqueue(node);
            }
        }

        while (open.TryDequeue(out GraphNode? node))
        {
            foreach (GraphEdge edge in node.Waits.Where(edge => edge.Kind != EdgeKind.Order))
            {
                Job needed = edge.Node.Job;
                if (kept.TryGetValue(needed.Name, out RecordedJob? record) && record.Result.Outcome.IsGood()
                    && (needed.Settings.RerunsOnResume || record.IsValueLost))
                {
                    kept.Remove(needed.Name);
                    open.Enqueue(edge.Node);
                }
            }
        }

        return kept;
    }

    /// <summary>Returns a job and all that waits for it, over gates too.</summary>
    internal static HashSet<GraphNode> Behind(IEnumerable<GraphNode> from)
    {
        HashSet<GraphNode> found = [.. from];
        Queue<GraphNode> open = new(found);
        while (open.TryDequeue(out GraphNode? node))
        {
            foreach (GraphEdge edge in node.Dependants)
            {
                if (found.Add(edge.Node))
                {
                    open.Enqueue(edge.Node);
                }
            }
        }

        return found;
    }
}
