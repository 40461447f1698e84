namespace DevOps.Pipelines;

/// <summary>A job of a pipeline with a result.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public sealed class Job<T> : Job
{
    internal Job(PipelineBuilder pipeline, string name, Func<JobContext, Task<object?>> run) : base(pipeline, name, run)
    {
    }

    /// <summary>Lets this job start only after others succeeded; it can then read their results.</summary>
    /// <param name="jobs">Jobs of the same pipeline.</param>
    /// <returns>This job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public new Job<T> Needs(params Job[] jobs)
    {
        base.Needs(jobs);
        return this;
    }
}
