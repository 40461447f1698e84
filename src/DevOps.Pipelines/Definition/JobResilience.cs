namespace DevOps.Pipelines;

/// <summary>Says how a job fails.</summary>
public static class JobResilience
{
    /// <summary>Stops an attempt of the job that takes longer; its processes end with all their children. The job is then <see cref="Outcome.TimedOut"/>.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="timeout">How long one attempt may take.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not above zero, or longer than a timer runs.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithTimeout<TJob>(this TJob job, TimeSpan timeout)
        where TJob : Job
    {
        Durations.ThrowIfNoTimer(timeout);
        return job.Change(settings => settings with { Timeout = timeout });
    }

    /// <summary>Tries the job again after it failed.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="retries">How many times, after the first attempt.</param>
    /// <param name="on">Which failures; any if not said.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithRetry<TJob>(this TJob job, int retries, Failure on = Failure.Any)
        where TJob : Job => job.WithRetry(new RetryOptions { MaxRetries = retries, On = on });

    /// <summary>Tries the job again after it failed.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="options">How often, when and after which failures.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithRetry<TJob>(this TJob job, RetryOptions options)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(options);
        return job.Change(settings => settings with { Retry = options });
    }

    /// <summary>Lets the job fail without failing the run: it counts as unstable, and what needs it runs.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="tolerance">Which failures, and what they count as; every failure as unstable if <see langword="null"/>.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithTolerance<TJob>(this TJob job, Tolerance? tolerance = null)
        where TJob : Job => job.Change(settings => settings with { Tolerance = tolerance ?? Tolerance.AnyFailure });

    /// <summary>Says what happens after the job, by how it ended.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="post">The conditions and their work. They run once, after the last attempt, also when the run is cancelled; not when the job was skipped.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithPost<TJob>(this TJob job, PostConditions post)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(post);
        return job.Change(settings => settings with { Post = post });
    }

    /// <summary>Says what a resumed run does with the job if it had started and nobody knows how it ended.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="policy">What to do; jobs run again if nothing is said.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithInDoubt<TJob>(this TJob job, InDoubtPolicy policy)
        where TJob : Job => job.Change(settings => settings with { InDoubt = policy });

    /// <summary>Lets a resumed run run the job again although it succeeded, if anything that needs it still has to run: for jobs that set up something in the process, as a server.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob RerunsOnResume<TJob>(this TJob job)
        where TJob : Job => job.Change(settings => settings with { RerunsOnResume = true });
}
