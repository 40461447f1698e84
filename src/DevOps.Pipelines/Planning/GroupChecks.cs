namespace DevOps.Pipelines;

/// <summary>Checks jobs that are to join a run, and ties them to the jobs of the run that they wait for.</summary>
internal static class GroupChecks
{
    /// <summary>Reads what a group told of: conditions are asked, and what finished in an earlier part of the run is found.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    internal static string? TryRead(PipelineBuilder more, RunSetup setup, out RunGraph graph, out IReadOnlyDictionary<string, RecordedJob> records)
    {
        (graph, records) = (null!, setup.Records);
        List<string> problems = [];
        if (more.Parameters.Count > 0 || more.Preconditions.Count > 0 || more.HasPost)
        {
            problems.Add("parameters, preconditions and work that follows are those of the pipeline, and a group of jobs has none of its own");
        }

        try
        {
            graph = RunGraph.Create(more.Jobs, more.Stages, more, setup.Parameters);
            graph.SkipByConditions(setup.Parameters);
            records = setup.Records.Count > 0 ? ResumeSelection.Keep(graph, setup.Records, static _ => false) : setup.Records;
            problems.AddRange(Preconditions.FindProblems(graph, setup.Parameters, records));
        }
        catch (Exception e)
        {
            problems.Add($"a condition of its jobs failed: {e.Message}");
        }

        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>Returns what is wrong, or <see langword="null"/>. Called under the engine's lock; nothing of the run is changed.</summary>
    internal static string? FindProblem(JobState group, PipelineBuilder more, RunGraph graph, RunEngine engine)
    {
        List<string> problems = [.. DefinitionChecks.FindProblems(more), .. GraphChecks.FindProblems(more)];
        HashSet<string> names = new(engine.Jobs.Select(job => job.Job.Name), StringComparer.OrdinalIgnoreCase);
        problems.AddRange(more.Jobs.Where(job => names.Contains(job.Name)).Select(job => $"the run has a job '{job.Name}' already"));
        Dictionary<GraphNode, GraphNode?>? ahead = null;
        foreach (Job job in more.Jobs)
        {
            foreach (JobEdge edge in job.Edges.Where(edge => graph.Find(edge.Job) is null))
            {
                if (engine.Find(edge.Job) is not { } other)
                {
                    continue;
                }

                ahead ??= FindWaiting(group, engine);
                if (ahead.ContainsKey(other.Node))
                {
                    problems.Add($"jobs wait for each other in a circle: {job.Name} -> {string.Join(" -> ", Path(other.Node, ahead))} -> {job.Name}");
                }
                else
                {
                    graph.Find(job)!.Waits.Add(new(other.Node, edge.Kind));
                }
            }
        }

        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>Returns the group and all that waits for it, each with what it waits for on the shortest way to the group.</summary>
    private static Dictionary<GraphNode, GraphNode?> FindWaiting(JobState group, RunEngine engine)
    {
        Dictionary<GraphNode, GraphNode?> found = new() { [group.Node] = null };
        Queue<GraphNode> open = new([group.Node]);
        while (open.TryDequeue(out GraphNode? node))
        {
            JobState job = engine.Jobs[node.Index];
            IEnumerable<GraphNode> waiting = node.Dependants.Concat(job.JoinedDependants ?? []).Select(edge => edge.Node);

            // A group waits for its jobs, and has no edges to them.
            foreach (GraphNode next in job.Group is { } around ? waiting.Append(around.Node) : waiting)
            {
                if (found.TryAdd(next, node))
                {
                    open.Enqueue(next);
                }
            }
        }

        return found;
    }

    private static IEnumerable<string> Path(GraphNode from, Dictionary<GraphNode, GraphNode?> ahead)
    {
        for (GraphNode? at = from; at is not null; at = ahead[at])
        {
            yield return at.Job.Name;
        }
    }
}
