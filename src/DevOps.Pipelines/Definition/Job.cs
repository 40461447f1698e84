using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A job of a pipeline. The handle is what other jobs need.</summary>
public class Job
{
    private readonly List<Job> _needs = [];

    internal Job(PipelineBuilder pipeline, string name, Func<JobContext, Task<object?>> run) => (Pipeline, Name, Run) = (pipeline, name, run);

    /// <summary>Gets the job's name, unique in its pipeline whatever its case.</summary>
    public string Name { get; }

    /// <summary>Gets the jobs that must succeed before this one starts, in the order they were named.</summary>
    public ImmutableArray<Job> Needed => [.. _needs];

    internal IReadOnlyList<Job> NeededJobs => _needs;

    internal PipelineBuilder Pipeline { get; }

    internal Func<JobContext, Task<object?>> Run { get; }

    /// <summary>Lets this job start only after others succeeded; it can then read their results.</summary>
    /// <param name="jobs">Jobs of the same pipeline.</param>
    /// <returns>This job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job Needs(params Job[] jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        Pipeline.ThrowIfBuilt();
        Check(Pipeline, Name, jobs);
        foreach (Job job in jobs)
        {
            if (!_needs.Contains(job))
            {
                _needs.Add(job);
            }
        }

        return this;
    }

    internal static void Check(PipelineBuilder pipeline, string name, IEnumerable<Job> needs)
    {
        foreach (Job job in needs)
        {
            ArgumentNullException.ThrowIfNull(job);
            if (job.Pipeline != pipeline)
            {
                throw new ArgumentException($"'{name}' cannot need '{job.Name}': it is a job of another pipeline.", nameof(needs));
            }
        }
    }

    /// <summary>Returns the job's name.</summary>
    public override string ToString() => Name;
}
