using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>Says what a job waits for.</summary>
public static class JobNeeds
{
    /// <summary>Lets the job start only after others succeeded, or are unstable; it can then read their results. If one fails or is skipped, the job is skipped.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="jobs">Jobs of the same pipeline.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob Needs<TJob>(this TJob job, params Job[] jobs)
        where TJob : Job => Add(job, jobs, EdgeKind.Need, null);

    /// <summary>Lets the job wait for others that take part in the run; one that is left out of the plan, or skipped by its own condition, counts for nothing. The job reads their results with <see cref="JobContext.TryGet{T}"/>.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="jobs">Jobs of the same pipeline. A plan does not take them in for this job's sake.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob NeedsIfPlanned<TJob>(this TJob job, params Job[] jobs)
        where TJob : Job => Add(job, jobs, EdgeKind.Optional, null);

    /// <summary>Lets the job need others in the runs whose parameters meet a condition.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="condition">Asked once, when a run is planned; it must have no side effects.</param>
    /// <param name="jobs">Jobs of the same pipeline.</param>
    /// <param name="text">How the condition reads; the compiler gives it.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob NeedsWhen<TJob>(this TJob job, Func<ParameterValues, bool> condition, Job[] jobs, [CallerArgumentExpression(nameof(condition))] string text = "")
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Add(job, jobs, EdgeKind.Need, new(condition, ConditionText.Of(text)));
    }

    /// <summary>Lets the job start only after others ended, however they ended, in the runs that both take part in. A plan never takes in a job for the sake of this order.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="jobs">Jobs of the same pipeline.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob After<TJob>(this TJob job, params Job[] jobs)
        where TJob : Job => Add(job, jobs, EdgeKind.Order, null);

    /// <summary>Lets others start only after the job ended, however it ended, in the runs that both take part in.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="jobs">Jobs of the same pipeline.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob Before<TJob>(this TJob job, params Job[] jobs)
        where TJob : Job
    {
        Check(job, jobs);
        foreach (Job other in jobs)
        {
            Add(other, [job], EdgeKind.Order, null);
        }

        return job;
    }

    /// <summary>Lets others run after the job succeeded, also in runs in which nobody asked for them.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="jobs">Jobs of the same pipeline. They need this one from now on.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob Triggers<TJob>(this TJob job, params Job[] jobs)
        where TJob : Job
    {
        Check(job, jobs);
        foreach (Job other in jobs)
        {
            Add(other, [job], EdgeKind.Need, null);
            job.Triggered.Add(other);
        }

        return job;
    }

    /// <summary>Lets the job need others whose results its work is called with.</summary>
    internal static TJob Takes<TJob>(this TJob job, params Job[] jobs)
        where TJob : Job
    {
        job.Taken = [.. jobs];
        return job.Needs(jobs);
    }

    internal static void Check(Job job, Job[] others)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(others);
        job.Pipeline.ThrowIfBuilt();
        Check(job.Pipeline, job.Name, others);
    }

    internal static void Check(PipelineBuilder pipeline, string name, Job[] needs)
    {
        foreach (Job needed in needs)
        {
            ArgumentNullException.ThrowIfNull(needed, nameof(needs));
            if (!pipeline.IsOrJoins(needed.Pipeline))
            {
                throw new ArgumentException($"'{name}' cannot need '{needed.Name}': it is a job of another pipeline.", nameof(needs));
            }
        }
    }

    private static TJob Add<TJob>(TJob job, Job[] jobs, EdgeKind kind, RunCondition? condition)
        where TJob : Job
    {
        Check(job, jobs);
        foreach (Job other in jobs)
        {
            job.AddEdge(new(other, kind, condition));
        }

        return job;
    }
}
