using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Compares the graph of a pipeline with the one that a run began with.</summary>
internal static class GraphComparison
{
    internal static ImmutableArray<string> Compare(RecordedBeginning before, string pipeline, RunGraph now)
    {
        if (!string.Equals(before.Pipeline, pipeline, StringComparison.Ordinal))
        {
            return [$"it is '{pipeline}', and was '{before.Pipeline}'"];
        }

        List<string> changes = [];
        Dictionary<string, RecordedNode> old = before.Nodes.ToDictionary(node => node.Name, StringComparer.OrdinalIgnoreCase);
        foreach (GraphNode node in now.Nodes)
        {
            if (!old.Remove(node.Job.Name, out RecordedNode? was))
            {
                changes.Add($"'{node.Job.Name}' is new");
                continue;
            }

            if (was.Kind != node.Job.Kind)
            {
                changes.Add($"'{was.Name}' is of another kind");
            }

            if (was.ResultType != node.Job.ResultType?.ToString())
            {
                changes.Add($"the result of '{was.Name}' was {was.ResultType ?? "nothing"} and is {node.Job.ResultType?.ToString() ?? "nothing"}");
            }

            if (WaitsForTheSame(before, was, node))
            {
                continue;
            }

            HashSet<string> waited = [.. was.Needs.Select(need => Told(need.Kind, before.Nodes[need.Node].Name))];
            HashSet<string> waits = [.. node.Waits.Select(edge => Told(edge.Kind, edge.Node.Job.Name))];
            changes.AddRange(waits.Except(waited).Select(edge => $"'{was.Name}' now {edge}"));
            changes.AddRange(waited.Except(waits).Select(edge => $"'{was.Name}' no longer {edge}"));
        }

        changes.AddRange(old.Values.Select(node => $"'{node.Name}' is gone"));
        return [.. changes.Take(100)];
    }

    // As it nearly always is: the same edges in the same order.
    private static bool WaitsForTheSame(RecordedBeginning before, RecordedNode was, GraphNode node)
    {
        if (was.Needs.Length != node.Waits.Count)
        {
            return false;
        }

        for (int i = 0; i < was.Needs.Length; i++)
        {
            (int index, EdgeKind kind) = was.Needs[i];
            if (kind != node.Waits[i].Kind || !string.Equals(before.Nodes[index].Name, node.Waits[i].Node.Job.Name, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string Told(EdgeKind kind, string name) => kind switch
    {
        EdgeKind.Need => $"needs '{name}'",
        EdgeKind.Optional => $"needs '{name}' if it is planned",
        _ => $"comes after '{name}'",
    };
}
