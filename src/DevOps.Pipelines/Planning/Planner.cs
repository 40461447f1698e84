using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Finds out which jobs a run takes in.</summary>
internal static class Planner
{
    internal static PipelinePlan Plan(Pipeline pipeline, RunOptions options)
    {
        ParameterValues parameters = ParameterResolver.Resolve(pipeline.Name, pipeline.Parameters, options.Parameters);
        Dictionary<Job, string> selected = Select(pipeline, options, parameters);
        RunGraph graph = RunGraph.Create(pipeline, [.. pipeline.Jobs.Where(selected.ContainsKey)], parameters);
        (List<GraphNode> order, FreeOrder? freeOrder) = PlanOrder.Of(graph);
        Dictionary<GraphNode, string> skips = PlanSkips.Of(order);
        ThrowIfAskedInVain(skips, options);
        Preconditions.Check(pipeline, graph, parameters, ImmutableDictionary<string, RecordedJob>.Empty);
        HashSet<Stage> stages = [.. graph.Nodes.Select(node => node.Job.Stage).OfType<Stage>()];
        return new()
        {
            Pipeline = pipeline.Name,
            Stages = [.. pipeline.Stages.Where(stages.Contains).Select(stage => stage.Name)],
            FreeOrder = freeOrder,
            Jobs =
            [
                .. order.Select(node => Planned(node, selected[node.Job], skips.GetValueOrDefault(node), [.. node.Job.Settings.Conditions.Select(condition => condition.Text)])),
            ],
        };
    }

    /// <summary>Returns the plan of jobs and all that they need whatever the parameters are: no condition is asked, and each is shown as open.</summary>
    internal static PipelinePlan Outline(Pipeline pipeline, IEnumerable<Job> asked)
    {
        HashSet<Job> taken = [.. asked];
        Queue<Job> open = new(taken);
        while (open.TryDequeue(out Job? job))
        {
            foreach (JobEdge edge in job.Edges.Where(edge => edge.Kind == EdgeKind.Need && taken.Add(edge.Job)))
            {
                open.Enqueue(edge.Job);
            }
        }

        RunGraph graph = RunGraph.Create([.. pipeline.Jobs.Where(taken.Contains)], pipeline.Stages, pipeline.Builder, null);
        (List<GraphNode> order, FreeOrder? freeOrder) = PlanOrder.Of(graph);
        HashSet<Stage> stages = [.. taken.Select(job => job.Stage).OfType<Stage>()];
        return new()
        {
            Pipeline = pipeline.Name,
            Stages = [.. pipeline.Stages.Where(stages.Contains).Select(stage => stage.Name)],
            FreeOrder = freeOrder,
            Jobs = [.. order.Select(node => Planned(node, "", null, [.. node.Job.Settings.PlanConditions.Select(condition => condition.Text), .. node.Job.Settings.Conditions.Select(condition => condition.Text)]))],
        };
    }

    private static PlannedJob Planned(GraphNode node, string why, string? skipReason, ImmutableArray<string> conditions) => new(
        node.Job.Name,
        node.Job.Stage?.Name,
        node.Job.Description,
        node.NeedNames,
        [.. node.Waits.Where(edge => edge.Kind == EdgeKind.Order && edge.Node.Job.Kind != JobKind.Gate).Select(edge => edge.Node.Job.Name)],
        why,
        skipReason,
        conditions)
    {
        RunsAlways = node.Job.Settings.RunsAlways,
        IsFinal = node.Job.Settings.IsFinal,
    };

    /// <summary>Returns the graph of a run.</summary>
    internal static RunGraph GraphFor(Pipeline pipeline, RunOptions options, ParameterValues parameters)
    {
        if (options.Only.IsEmpty && options.Skip.IsEmpty && !pipeline.Jobs.Any(job => job.Settings.PlanConditions.Length > 0 || job.Edges.Any(edge => edge.Condition is not null)))
        {
            return pipeline.WholeGraph;
        }

        Dictionary<Job, string> selected = Select(pipeline, options, parameters);
        RunGraph graph = RunGraph.Create(pipeline, [.. pipeline.Jobs.Where(selected.ContainsKey)], parameters);
        if (!options.Only.IsEmpty && graph.Nodes.Any(node => node.SkipReason is not null))
        {
            ThrowIfAskedInVain(PlanSkips.Of(PlanOrder.Of(graph).Nodes), options);
        }

        return graph;
    }

    internal static bool IsAskedFor(Job job, RunOptions options) => options.Only.Any(name => string.Equals(name, job.Name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="PlanException">Jobs that were asked for by name do not run; tells all.</exception>
    private static void ThrowIfAskedInVain(Dictionary<GraphNode, string> skips, RunOptions options)
    {
        HashSet<string> asked = new(options.Only, StringComparer.OrdinalIgnoreCase);
        string[] problems = [.. skips.Where(skip => asked.Contains(skip.Key.Job.Name)).Select(skip => $"'{skip.Key.Job.Name}' was asked for and does not run: {skip.Value}")];
        if (problems.Length > 0)
        {
            throw new PlanException($"{string.Join("; ", problems)}. Change the parameters, or ask for another job.");
        }
    }

    private static Dictionary<Job, string> Select(Pipeline pipeline, RunOptions options, ParameterValues parameters)
    {
        JobNames names = new(pipeline);
        HashSet<Job> left = [.. names.Find(options.Skip)];
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

        foreach (Job job in names.Find(options.Only))
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
}
