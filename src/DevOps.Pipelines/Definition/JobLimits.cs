using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Says what a job shares with others, and which of several ready jobs starts first.</summary>
/// <remarks>All that a job asks for is taken at once or not at all, so that jobs cannot wait for each other in a circle.</remarks>
public static class JobLimits
{
    /// <summary>Lets the job work only while no other job of the run, or of the host if the run has one, holds any of the same locks.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="names">The locks, compared exactly.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithLock<TJob>(this TJob job, params string[] names)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(names));
        }

        return job.Change(settings => settings with { Locks = [.. settings.Locks.Union(names, StringComparer.Ordinal)] });
    }

    /// <summary>Lets the job work only while it can have a share of a limit.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="limit">The limit. It holds over every job that names the same object, in any pipeline of the same host, or of the same run if there is no host.</param>
    /// <param name="units">How many units the job takes.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The units are fewer than 1, or more than the limit has.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithLimit<TJob>(this TJob job, ConcurrencyLimit limit, int units = 1)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, limit.Units);
        return job.Change(settings => settings with { Limits = settings.Limits.RemoveAll(use => use.Limit == limit).Add(new(limit, units)) });
    }

    /// <summary>Lets only one run at a time work on the job's resource, as an environment that is deployed to.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="name">The resource, compared exactly over all runs of the host.</param>
    /// <param name="mode">Which waiting run is next.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithResourceGroup<TJob>(this TJob job, string name, ResourceGroupMode mode = ResourceGroupMode.Unordered)
        where TJob : Job
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return job.Change(settings => settings with { Groups = settings.Groups.RemoveAll(use => use.Name == name).Add(new(name, mode)) });
    }

    /// <summary>Lets the job start before ready jobs of a lower priority when not all can work at once. Among equals the one with the longest way to the end goes first, where durations are known, then the one that was added first.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="priority">The priority; 0 is that of other jobs.</param>
    /// <returns>The job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob WithPriority<TJob>(this TJob job, int priority)
        where TJob : Job => job.Change(settings => settings with { Priority = priority });

    /// <summary>Lets the first of some jobs that fails stop the others.</summary>
    /// <param name="jobs">Jobs of one pipeline.</param>
    /// <returns>The jobs.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static ImmutableArray<TJob> FailFast<TJob>(this ImmutableArray<TJob> jobs)
        where TJob : Job
    {
        FailFastScope scope = new();
        foreach (TJob job in jobs)
        {
            job.Change(settings => settings with { FailFast = scope });
        }

        return jobs;
    }
}
