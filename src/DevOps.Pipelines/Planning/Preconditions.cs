namespace DevOps.Pipelines;

/// <summary>Checks what a pipeline and the jobs of a run require.</summary>
internal static class Preconditions
{
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="graph">The run.</param>
    /// <param name="parameters">What the run was told.</param>
    /// <param name="done">The jobs that are done already.</param>
    /// <exception cref="PreconditionException">Some do not hold; tells all.</exception>
    internal static void Check(Pipeline pipeline, RunGraph graph, ParameterValues parameters, IReadOnlyDictionary<string, RecordedJob> done)
    {
        List<string> problems = [.. pipeline.Preconditions.Select(condition => Problem("the pipeline", condition, parameters)).OfType<string>(), .. FindProblems(graph, parameters, done)];
        if (problems.Count > 0)
        {
            throw new PreconditionException(pipeline.Name, problems);
        }
    }

    /// <summary>Returns what jobs that are to run require and does not hold.</summary>
    internal static IEnumerable<string> FindProblems(RunGraph graph, ParameterValues parameters, IReadOnlyDictionary<string, RecordedJob> done)
    {
        foreach (GraphNode node in graph.Nodes)
        {
            if (node.Job.Settings.Preconditions.Length > 0 && node.SkipReason is null && !done.ContainsKey(node.Job.Name))
            {
                foreach (string problem in node.Job.Settings.Preconditions.Select(condition => Problem($"'{node.Job.Name}'", condition, parameters)).OfType<string>())
                {
                    yield return problem;
                }
            }
        }
    }

    private static string? Problem(string who, RunCondition condition, ParameterValues parameters)
    {
        try
        {
            return condition.Test(parameters) ? null : $"{who} requires {condition.Text}";
        }
        catch (SecretUnknownException)
        {
            return null;
        }
        catch (Exception e)
        {
            return $"{who} requires {condition.Text}, which failed: {e.Message}";
        }
    }
}
