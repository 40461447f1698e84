using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>Graphs of jobs to measure with.</summary>
internal static class Graphs
{
    internal static Pipeline Wide(int jobs, Func<JobContext, Task> run)
    {
        PipelineBuilder builder = new("wide");
        for (int i = 0; i < jobs; i++)
        {
            builder.AddJob($"job {i}", run);
        }

        return builder.Build();
    }

    internal static Pipeline Chain(int jobs, Func<JobContext, Task> run)
    {
        PipelineBuilder builder = new("chain");
        Job? before = null;
        for (int i = 0; i < jobs; i++)
        {
            Job job = builder.AddJob($"job {i}", run);
            before = before is null ? job : job.Needs(before);
        }

        return builder.Build();
    }

    /// <summary>Makes layers of 100 jobs, each of which needs some of the layer before.</summary>
    internal static Pipeline Layered(int jobs, int needs, Func<JobContext, Task> run)
    {
        const int Layer = 100;
        Random random = new(1);
        PipelineBuilder builder = new("layered");
        List<Job> all = [];
        for (int i = 0; i < jobs; i++)
        {
            Job job = builder.AddJob($"job {i}", run);
            int first = (i / Layer - 1) * Layer;
            for (int n = 0; n < needs && first >= 0; n++)
            {
                job.Needs(all[first + random.Next(Layer)]);
            }

            all.Add(job);
        }

        return builder.Build();
    }

    /// <summary>Makes diamonds one behind another: one job, several that need it, one that needs those.</summary>
    internal static Pipeline Diamonds(int diamonds, int width, Func<JobContext, Task> run)
    {
        PipelineBuilder builder = new("diamonds");
        Job top = builder.AddJob("top", run);
        for (int i = 0; i < diamonds; i++)
        {
            Job from = top;
            Job[] middle = [.. Enumerable.Range(0, width).Select(n => builder.AddJob($"middle {i}.{n}", run).Needs(from))];
            top = builder.AddJob($"bottom {i}", run).Needs(middle);
        }

        return builder.Build();
    }
}
