using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>Says what must hold before anything runs.</summary>
public static class JobPreconditions
{
    /// <summary>Refuses every run that the job takes part in and whose parameters do not meet a condition. Jobs that are skipped, or done already when a run goes on, require nothing.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="condition">Asked before anything runs; it must have no side effects. One that reads a secret is asked by runs and not by plans.</param>
    /// <param name="text">How the condition reads; the compiler gives it, and the error shows it.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob Requires<TJob>(this TJob job, Func<ParameterValues, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(condition);
        return job.Change(settings => settings with { Preconditions = settings.Preconditions.Add(new(condition, ConditionText.Of(text))) });
    }

    /// <summary>Refuses every run whose parameters do not meet a condition.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="condition">Asked before anything runs; it must have no side effects. One that reads a secret is asked by runs and not by plans.</param>
    /// <param name="text">How the condition reads; the compiler gives it, and the error shows it.</param>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static PipelineBuilder Requires(this PipelineBuilder pipeline, Func<ParameterValues, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(condition);
        pipeline.ThrowIfBuilt();
        pipeline.Preconditions.Add(new(condition, ConditionText.Of(text)));
        return pipeline;
    }
}
