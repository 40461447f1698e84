namespace DevOps.Pipelines;

/// <summary>Finds which jobs are known not to run before anything does.</summary>
internal static class PlanSkips
{
    /// <summary>Returns the reason of each job that will be skipped: its own condition, or a need that will be skipped.</summary>
    /// <param name="order">The jobs, each behind what it waits for.</param>
    internal static Dictionary<GraphNode, string> Of(List<GraphNode> order)
    {
        Dictionary<GraphNode, string> reasons = [];
        foreach (GraphNode node in order)
        {
            if (node.SkipReason is { } own)
            {
                reasons.Add(node, own);
            }
            else if (reasons.Count > 0 && !node.Job.Settings.RunsAlways)
            {
                foreach (GraphEdge edge in node.Waits)
                {
                    if (edge.Kind == EdgeKind.Need && reasons.ContainsKey(edge.Node))
                    {
                        reasons.Add(node, $"needs '{edge.Node.Job.Name}', which is skipped");
                        break;
                    }
                }
            }
        }

        return reasons;
    }
}
