using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>Says when a job runs.</summary>
public static class JobConditions
{
    /// <summary>Runs the job only in runs whose parameters meet a condition; in others it is skipped, and with it what needs it.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="condition">Asked once, when a run is planned; it must have no side effects.</param>
    /// <param name="text">How the condition reads; the compiler gives it, and the reason of the skipped job shows it.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob OnlyWhen<TJob>(this TJob job, Func<ParameterValues, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(condition);
        return job.Change(settings => settings with { PlanConditions = settings.PlanConditions.Add(new(condition, ConditionText.Of(text))) });
    }

    /// <summary>Runs the job only if a condition holds once all that it waits for has ended; else it is skipped, and with it what needs it.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="condition">Asked once, just before the job would start; it can read results. A plan cannot know the answer. An exception is a failure of the job.</param>
    /// <param name="text">How the condition reads; the compiler gives it, and the reason of the skipped job shows it.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob OnlyIf<TJob>(this TJob job, Func<JobContext, bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(condition);
        return job.Change(settings => settings with { Conditions = settings.Conditions.Add(new(condition, ConditionText.Of(text))) });
    }

    /// <summary>Runs the job once all that it waits for has ended, however it ended, also when the run is cancelled.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job. After a cancellation it has <see cref="RunOptions.TeardownTimeout"/> for its work.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob RunsAlways<TJob>(this TJob job)
        where TJob : Job => job.Change(settings => settings with { RunsAlways = true });

    /// <summary>Says what the job is for, for lists of jobs.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="text">The words.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithDescription<TJob>(this TJob job, string text)
        where TJob : Job => job.Change(settings => settings with { Description = text });

    internal static TJob Change<TJob>(this TJob job, Func<JobSettings, JobSettings> change)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(job);
        job.Pipeline.ThrowIfBuilt();
        job.Settings = change(job.Settings);
        return job;
    }
}
