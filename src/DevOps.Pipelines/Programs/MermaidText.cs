using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes a pipeline as a Mermaid flowchart: full lines are needs, dotted ones only order.</summary>
internal static class MermaidText
{
    internal static IEnumerable<string> Lines(Pipeline pipeline)
    {
        Dictionary<Job, string> ids = pipeline.Jobs.Index().ToDictionary(job => job.Item, job => $"j{job.Index}");
        yield return "flowchart LR";
        foreach (Job job in pipeline.Jobs.Where(job => job.Stage is null))
        {
            yield return $"    {Node(job, ids[job])}";
        }

        foreach (Stage stage in pipeline.Stages)
        {
            yield return $"    subgraph s{stage.Order}[\"{Text(stage.Name)}\"]";
            foreach (Job job in pipeline.Jobs.Where(job => job.Stage == stage))
            {
                yield return $"        {Node(job, ids[job])}";
            }

            yield return "    end";
        }

        foreach (Job job in pipeline.Jobs)
        {
            foreach (JobEdge edge in job.Edges.Where(edge => ids.ContainsKey(edge.Job)))
            {
                yield return $"    {ids[edge.Job]} {(edge.Kind == EdgeKind.Order ? "-.->" : "-->")} {ids[job]}";
            }
        }

        foreach ((Stage before, Stage after) in pipeline.Stages.Zip(pipeline.Stages.Skip(1)))
        {
            yield return $"    s{before.Order} --> s{after.Order}";
        }
    }

    private static string Node(Job job, string id) => job.Kind == JobKind.Approval ? $"{id}{{{{\"{Text(job.Name)}\"}}}}" : $"{id}[\"{Text(job.Name)}\"]";

    // Mermaid reads entities in a quoted text.
    private static string Text(string name)
    {
        StringBuilder text = new();
        foreach (char c in ViewText.Line(name))
        {
            _ = char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or '/' or '(' or ')' or ',' or '=' or > '\x7f' ? text.Append(c) : text.Append('#').Append((int)c).Append(';');
        }

        return text.ToString();
    }
}
