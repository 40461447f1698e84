namespace DevOps.Pipelines;

/// <summary>Finds out which jobs a run takes in.</summary>
internal static class Planner
{
    internal static PipelinePlan Plan(Pipeline pipeline, RunOptions options)
    {
        ParameterValues parameters = ParameterResolver.Resolve(pipeline.Name, pipeline.Parameters, options.Parameters);
        Dictionary<Job, string> selected = Select(pipeline, options, parameters);
        RunGraph graph = RunGraph.Create(pipeline, [.. pipeline.Jobs.Where(selected.ContainsKey)], parameters);
        return new()
        {
            Pipeline = pipeline.Name,
            Jobs =
            [
                .. InOrder(graph).Where(node => node.Job.Kind != JobKind.Gate).Select(node => new PlannedJob(
                    node.Job.Name,
                    node.Job.Stage?.Name,
                    node.Job.Description,
                    node.NeedNames,
                    [.. node.Waits.Where(edge => edge.Kind == EdgeKind.Order && edge.Node.Job.Kind != JobKind.Gate).Select(edge => edge.Node.Job.Name)],
                    selected[node.Job],
                    node.SkipReason,
                    [.. node.Job.Settings.Conditions.Select(condition => condition.Text)])),
            ],
        };
    }

    /// <summary>Returns the graph of a run.</summary>
    internal static RunGraph GraphFor(Pipeline pipeline, RunOptions options, ParameterValues parameters)
    {
        if (options.Only.IsEmpty && options.Skip.IsEmpty && !pipeline.Jobs.Any(job => job.Settings.PlanConditions.Length > 0 || job.Edges.Any(edge => edge.Condition is not null)))
        {
            return pipeline.WholeGraph;
        }

        Dictionary<Job, string> selected = Select(pipeline, options, parameters);
        RunGraph graph = RunGraph.Create(pipeline, [.. pipeline.Jobs.Where(selected.ContainsKey)], parameters);
        foreach (GraphNode node in graph.Nodes.Where(node => node.SkipReason is not null && IsAskedFor(node.Job, options)))
        {
            throw new PlanException($"'{node.Job.Name}' was asked for and does not run: {node.SkipReason}. Change the parameters, or ask for another job.");
        }

        return graph;
    }

    internal static bool IsAskedFor(Job job, RunOptions options) => options.Only.Any(name => string.Equals(name, job.Name, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<Job, string> Select(Pipeline pipeline, RunOptions options, ParameterValues parameters)
    {
        HashSet<Job> left = [.. options.Skip.SelectMany(name => JobNames.Find(pipeline, name))];
        Dictionary<Job, string> selected = [];
        Queue<Job> open = new();
        void Take(Job job, string why)
        {
            if (!left.Contains(job) && selected.TryAdd(job, why))
            {
                open.Enqueue(job);
            }
        }

        if (options.Only.IsEmpty)
        {
            foreach (Job job in pipeline.Jobs)
            {
                Take(job, "all jobs run");
            }

            return selected;
        }

        foreach (Job job in options.Only.SelectMany(name => JobNames.Find(pipeline, name)))
        {
            Take(job, "it was asked for");
        }

        while (open.TryDequeue(out Job? job))
        {
            foreach (JobEdge edge in job.Edges.Where(edge => edge.Kind == EdgeKind.Need && options.WhatIsNeeded == NeededJobs.Run && (edge.Condition?.Test(parameters) ?? true)))
            {
                Take(edge.Job, $"'{job.Name}' needs it");
            }

            foreach (Job triggered in job.Triggered)
            {
                Take(triggered, $"'{job.Name}' triggers it");
            }
        }

        return selected;
    }

    // Kahn's algorithm; among jobs that could come next, the one added first.
    private static IEnumerable<GraphNode> InOrder(RunGraph graph)
    {
        int[] missing = [.. graph.Nodes.Select(node => node.Waits.Count)];
        PriorityQueue<GraphNode, int> next = new(graph.Nodes.Where(node => node.Waits.Count == 0).Select(node => (node, node.Index)));
        while (next.TryDequeue(out GraphNode? node, out _))
        {
            yield return node;
            foreach (GraphEdge edge in node.Dependants)
            {
                if (--missing[edge.Node.Index] == 0)
                {
                    next.Enqueue(edge.Node, edge.Node.Index);
                }
            }
        }
    }
}
