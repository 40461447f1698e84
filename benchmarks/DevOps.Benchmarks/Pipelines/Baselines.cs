using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>Ways in which other tools walk a graph, written down for the comparison: no outcomes, no journal, no log.</summary>
internal static class Baselines
{
    /// <summary>One task for each job, which awaits the tasks of its needs and then takes a slot of a semaphore.</summary>
    internal static async Task TaskPerJobAsync(Pipeline pipeline)
    {
        using SemaphoreSlim slots = new(Environment.ProcessorCount);
        Dictionary<Job, Task> tasks = [];
        foreach (Job job in pipeline.Jobs)
        {
            Task[] needs = [.. job.Needed.Select(needed => tasks[needed])];
            tasks.Add(job, Task.Run(async () =>
            {
                await Task.WhenAll(needs);
                await slots.WaitAsync();
                slots.Release();
            }));
        }

        await Task.WhenAll(tasks.Values);
    }

    /// <summary>One job after another; each time the list of edges is searched for what comes before.</summary>
    internal static async Task SequentialAsync(Pipeline pipeline)
    {
        List<(string From, string To)> edges = [.. pipeline.Jobs.SelectMany(job => job.Needed.Select(needed => (needed.Name, job.Name)))];
        HashSet<string> done = [];
        foreach (Job job in pipeline.Jobs)
        {
            foreach ((string from, _) in edges.Where(edge => edge.To == job.Name))
            {
                if (!done.Contains(from))
                {
                    throw new InvalidOperationException("A need has not run.");
                }
            }

            await Task.CompletedTask;
            done.Add(job.Name);
        }
    }
}
