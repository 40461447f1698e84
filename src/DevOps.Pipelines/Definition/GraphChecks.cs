namespace DevOps.Pipelines;

/// <summary>Finds circles in what jobs wait for.</summary>
internal static class GraphChecks
{
    // Each edge that closes a circle gives one, and jobs that all need each other have more of these than anybody reads.
    private const int MaxCircles = 20;

    internal static IEnumerable<string> FindProblems(PipelineBuilder pipeline)
    {
        RunGraph graph = RunGraph.Create(pipeline.Jobs, pipeline.Stages, pipeline, null);
        return FindCycles(graph).Select(cycle => $"jobs wait for each other in a circle: {string.Join(" -> ", cycle)}").Take(MaxCircles);
    }

    // Iterative, because a long chain of jobs must not exhaust the stack.
    private static IEnumerable<IEnumerable<string>> FindCycles(RunGraph graph)
    {
        GraphNode[] nodes = graph.Nodes;
        bool[] done = new bool[nodes.Length];
        bool[] onPath = new bool[nodes.Length];
        foreach (GraphNode start in nodes)
        {
            Stack<(GraphNode Node, int Next)> path = new([(start, 0)]);
            onPath[start.Index] = true;
            while (path.TryPop(out (GraphNode Node, int Next) at))
            {
                if (done[at.Node.Index] || at.Next == at.Node.Waits.Count)
                {
                    (done[at.Node.Index], onPath[at.Node.Index]) = (true, false);
                    continue;
                }

                path.Push((at.Node, at.Next + 1));
                GraphNode next = at.Node.Waits[at.Next].Node;
                if (onPath[next.Index])
                {
                    if (path.Any(step => step.Node.Job is StageGate { IsEnd: true }))
                    {
                        // A job that waits for one at the very end: told by name elsewhere.
                        continue;
                    }

                    yield return [.. path.Reverse().SkipWhile(step => step.Node != next).Select(step => step.Node.Job.Name), next.Job.Name];
                    continue;
                }

                if (!done[next.Index])
                {
                    onPath[next.Index] = true;
                    path.Push((next, 0));
                }
            }
        }
    }
}
