namespace DevOps.Pipelines;

/// <summary>Adds jobs that take the results of others: the handles are the dependencies and the values at once.</summary>
public static class PipelineBuilderInputs
{
    /// <summary>Adds a job that needs another and takes its result.</summary>
    /// <typeparam name="T1">The type of the result that is taken.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="first">The job that is needed.</param>
    /// <param name="run">The work.</param>
    public static Job AddJob<T1>(this PipelineBuilder pipeline, string name, Job<T1> first, Func<JobContext, T1, Task> run)
    {
        Check(pipeline, name, run, first);
        return pipeline.AddJob(name, job => run(job, job.Get(first))).Takes(first);
    }

    /// <summary>Adds a job with a result that needs another and takes its result.</summary>
    /// <typeparam name="T1">The type of the result that is taken.</typeparam>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="first">The job that is needed.</param>
    /// <param name="run">The work.</param>
    public static Job<T> AddJob<T1, T>(this PipelineBuilder pipeline, string name, Job<T1> first, Func<JobContext, T1, Task<T>> run)
    {
        Check(pipeline, name, run, first);
        return pipeline.AddJob(name, job => run(job, job.Get(first))).Takes(first);
    }

    /// <summary>Adds a job that needs two others and takes their results.</summary>
    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="first">A job that is needed.</param>
    /// <param name="second">Another.</param>
    /// <param name="run">The work.</param>
    public static Job AddJob<T1, T2>(this PipelineBuilder pipeline, string name, Job<T1> first, Job<T2> second, Func<JobContext, T1, T2, Task> run)
    {
        Check(pipeline, name, run, first, second);
        return pipeline.AddJob(name, job => run(job, job.Get(first), job.Get(second))).Takes(first, second);
    }

    /// <summary>Adds a job with a result that needs two others and takes their results.</summary>
    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="first">A job that is needed.</param>
    /// <param name="second">Another.</param>
    /// <param name="run">The work.</param>
    public static Job<T> AddJob<T1, T2, T>(this PipelineBuilder pipeline, string name, Job<T1> first, Job<T2> second, Func<JobContext, T1, T2, Task<T>> run)
    {
        Check(pipeline, name, run, first, second);
        return pipeline.AddJob(name, job => run(job, job.Get(first), job.Get(second))).Takes(first, second);
    }

    /// <summary>Adds a job that needs three others and takes their results.</summary>
    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T3">The type of the third result.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="first">A job that is needed.</param>
    /// <param name="second">Another.</param>
    /// <param name="third">Another.</param>
    /// <param name="run">The work.</param>
    public static Job AddJob<T1, T2, T3>(
        this PipelineBuilder pipeline, string name, Job<T1> first, Job<T2> second, Job<T3> third, Func<JobContext, T1, T2, T3, Task> run)
    {
        Check(pipeline, name, run, first, second, third);
        return pipeline.AddJob(name, job => run(job, job.Get(first), job.Get(second), job.Get(third))).Takes(first, second, third);
    }

    /// <summary>Adds a job with a result that needs three others and takes their results.</summary>
    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T3">The type of the third result.</typeparam>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="first">A job that is needed.</param>
    /// <param name="second">Another.</param>
    /// <param name="third">Another.</param>
    /// <param name="run">The work.</param>
    public static Job<T> AddJob<T1, T2, T3, T>(
        this PipelineBuilder pipeline, string name, Job<T1> first, Job<T2> second, Job<T3> third, Func<JobContext, T1, T2, T3, Task<T>> run)
    {
        Check(pipeline, name, run, first, second, third);
        return pipeline.AddJob(name, job => run(job, job.Get(first), job.Get(second), job.Get(third))).Takes(first, second, third);
    }

    // Before the job is added: a call that fails leaves the pipeline as it was.
    private static void Check(PipelineBuilder pipeline, string name, Delegate run, params Job[] needs)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(run);
        JobNeeds.Check(pipeline, name, needs);
    }
}
