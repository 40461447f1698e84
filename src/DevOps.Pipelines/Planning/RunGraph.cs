namespace DevOps.Pipelines;

/// <summary>The jobs of a run and what each waits for. Made in time linear in the edges: stages and the very end wait through gates.</summary>
internal sealed class RunGraph
{
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<Job, GraphNode> _byJob = [];

    private RunGraph()
    {
    }

    internal GraphNode[] Nodes { get; private set; } = [];

    internal static RunGraph Create(Pipeline pipeline, IReadOnlyList<Job> jobs, ParameterValues parameters)
    {
        RunGraph graph = Create(jobs, pipeline.Stages, pipeline.Builder, parameters);
        graph.SkipByConditions(parameters);
        return graph;
    }

    /// <summary>Finds which jobs are skipped before anything runs.</summary>
    internal void SkipByConditions(ParameterValues parameters)
    {
        foreach (GraphNode node in Nodes)
        {
            foreach (RunCondition condition in node.Job.Settings.PlanConditions)
            {
                if (node.SkipReason is null && !condition.Test(parameters))
                {
                    node.SkipReason = $"its condition is not met: {condition.Text}";
                }
            }
        }
    }

    /// <summary>Moves the jobs behind those that a run has already.</summary>
    internal void MoveBy(int places)
    {
        foreach (GraphNode node in Nodes)
        {
            node.MoveBy(places);
        }
    }

    /// <summary>Makes the graph. Without parameters every conditional edge is part of it.</summary>
    internal static RunGraph Create(IReadOnlyList<Job> jobs, IReadOnlyList<Stage> stages, PipelineBuilder builder, ParameterValues? parameters)
    {
        RunGraph graph = new();
        foreach (Job job in jobs)
        {
            graph.Add(job);
        }

        foreach (Job job in jobs)
        {
            GraphNode node = graph._byJob[job];
            foreach (JobEdge edge in job.Edges)
            {
                if (graph._byJob.TryGetValue(edge.Job, out GraphNode? other) && (edge.Condition is null || parameters is null || edge.Condition.Test(parameters)))
                {
                    node.WaitFor(other, edge.Kind);
                }
            }
        }

        graph.AddStageGates(jobs, stages, builder);
        graph.AddEndGate(jobs, builder);
        graph.Nodes = [.. graph._nodes];
        return graph;
    }

    internal GraphNode? Find(Job job) => _byJob.GetValueOrDefault(job);

    private GraphNode Add(Job job)
    {
        GraphNode node = new(_nodes.Count, job);
        _nodes.Add(node);
        _byJob.TryAdd(job, node);
        return node;
    }

    private void AddStageGates(IReadOnlyList<Job> jobs, IReadOnlyList<Stage> stages, PipelineBuilder builder)
    {
        if (stages.Count == 0)
        {
            return;
        }

        ILookup<Stage?, Job> byStage = jobs.ToLookup(job => job.Stage);
        GraphNode? before = null;
        foreach (Stage stage in stages)
        {
            GraphNode gate = Add(new StageGate(builder, $"stage '{stage.Name}'"));
            if (before is not null)
            {
                gate.WaitFor(before, EdgeKind.Need);
            }

            foreach (Job job in byStage[stage])
            {
                if (before is not null)
                {
                    _byJob[job].WaitFor(before, EdgeKind.Need);
                }

                gate.WaitFor(_byJob[job], EdgeKind.Optional);
            }

            before = gate;
        }
    }

    private void AddEndGate(IReadOnlyList<Job> jobs, PipelineBuilder builder)
    {
        Job[] final = [.. jobs.Where(job => job.Settings.IsFinal)];
        if (final.Length == 0)
        {
            return;
        }

        GraphNode gate = Add(new StageGate(builder, "the end of all other jobs") { IsEnd = true });
        foreach (Job job in jobs.Where(job => !job.Settings.IsFinal))
        {
            gate.WaitFor(_byJob[job], EdgeKind.Order);
        }

        foreach (Job job in final)
        {
            _byJob[job].WaitFor(gate, EdgeKind.Order);
        }
    }
}
