namespace DevOps.Pipelines;

/// <summary>Collects the jobs of a pipeline. <see cref="Build"/> freezes it.</summary>
public sealed class PipelineBuilder
{
    private readonly List<Job> _jobs = [];
    private bool _built;

    /// <summary>Starts a pipeline.</summary>
    /// <param name="name">The pipeline's name.</param>
    public PipelineBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Gets the pipeline's name.</summary>
    public string Name { get; }

    /// <summary>Adds a job without a result.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="run">The work.</param>
    /// <returns>The job, for others to need.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job AddJob(string name, Func<JobContext, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(new Job(this, CheckName(name), async job =>
        {
            await run(job).ConfigureAwait(false);
            return null;
        }));
    }

    /// <summary>Adds a job with a result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="name">The job's name.</param>
    /// <param name="run">The work.</param>
    /// <returns>The job, for others to need; its result is read with <see cref="JobContext.Get{T}"/>.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job<T> AddJob<T>(string name, Func<JobContext, Task<T>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(new Job<T>(this, CheckName(name), async job => await run(job).ConfigureAwait(false)));
    }

    /// <summary>Checks the whole and freezes it.</summary>
    /// <returns>The pipeline, which can run any number of times.</returns>
    /// <exception cref="PipelineDefinitionException">Names are not unique, or jobs need each other in a circle; lists everything that is wrong.</exception>
    public Pipeline Build()
    {
        List<string> problems = [.. GraphChecks.FindProblems(_jobs)];
        if (problems.Count > 0)
        {
            throw new PipelineDefinitionException(Name, problems);
        }

        _built = true;
        return new(Name, [.. _jobs]);
    }

    internal void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException($"The pipeline '{Name}' was built and cannot change. Add jobs and needs before Build.");
        }
    }

    private T Add<T>(T job)
        where T : Job
    {
        ThrowIfBuilt();
        _jobs.Add(job);
        return job;
    }

    private static string CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name;
    }
}
