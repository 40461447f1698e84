namespace DevOps.Pipelines.Testing;

/// <summary>Replaces the work of jobs under test. All else of a job stays: what it waits for, its conditions, retries, timeouts and what follows it.</summary>
public static class PipelineTesterJobs
{
    /// <summary>Lets a job succeed with a result instead of doing its work.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="tester">The tester.</param>
    /// <param name="job">The job.</param>
    /// <param name="value">The result.</param>
    /// <param name="after">How long it takes by the clock; no time if <see langword="null"/>.</param>
    /// <returns>The tester.</returns>
    public static PipelineTester Returns<T>(this PipelineTester tester, Job<T> job, T value, TimeSpan? after = null) =>
        tester.Replaces(job, async context =>
        {
            await DelayAsync(context, after).ConfigureAwait(false);
            return value;
        });

    /// <summary>Lets a job succeed instead of doing its work.</summary>
    /// <param name="tester">The tester.</param>
    /// <param name="job">A job without a result.</param>
    /// <param name="after">How long it takes by the clock; no time if <see langword="null"/>.</param>
    /// <returns>The tester.</returns>
    /// <exception cref="ArgumentException">The job has a result.</exception>
    public static PipelineTester Succeeds(this PipelineTester tester, Job job, TimeSpan? after = null) =>
        tester.Replaces(job, context => DelayAsync(context, after));

    /// <summary>Lets every attempt of a job fail instead of doing its work.</summary>
    /// <param name="tester">The tester.</param>
    /// <param name="job">The job.</param>
    /// <param name="error">The error.</param>
    /// <param name="after">How long an attempt takes by the clock; no time if <see langword="null"/>.</param>
    /// <returns>The tester.</returns>
    public static PipelineTester Fails(this PipelineTester tester, Job job, Exception error, TimeSpan? after = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Replace(tester, job, async context =>
        {
            await DelayAsync(context, after).ConfigureAwait(false);
            throw error;
        });
    }

    /// <summary>Gives a job other work.</summary>
    /// <param name="tester">The tester.</param>
    /// <param name="job">A job without a result.</param>
    /// <param name="run">The work.</param>
    /// <returns>The tester.</returns>
    /// <exception cref="ArgumentException">The job has a result.</exception>
    public static PipelineTester Replaces(this PipelineTester tester, Job job, Func<JobContext, Task> run)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(run);
        return job.ResultType is null && job.Kind == JobKind.Work
            ? Replace(tester, job, context => JobWork.InvokeAsync(run, context))
            : throw new ArgumentException($"'{job.Name}' has a result or stands for others, so its work cannot be replaced by such that has none. Use Returns.", nameof(job));
    }

    /// <summary>Gives a job other work.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="tester">The tester.</param>
    /// <param name="job">The job.</param>
    /// <param name="run">The work.</param>
    /// <returns>The tester.</returns>
    public static PipelineTester Replaces<T>(this PipelineTester tester, Job<T> job, Func<JobContext, Task<T>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Replace(tester, job, context => JobWork.InvokeAsync(run, context));
    }

    private static PipelineTester Replace(PipelineTester tester, Job job, Func<JobContext, ValueTask<object?>> run)
    {
        ArgumentNullException.ThrowIfNull(tester);
        ArgumentNullException.ThrowIfNull(job);
        tester.Work[job] = run;
        return tester;
    }

    private static Task DelayAsync(JobContext context, TimeSpan? after) => after is { } time ? Task.Delay(time, context.TimeProvider, context.Cancellation) : Task.CompletedTask;
}
