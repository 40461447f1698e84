namespace DevOps.Pipelines;

/// <summary>Lets jobs whose inputs did not change take their result from an earlier run, and keeps dependencies from one run to the next.</summary>
public static class JobCaching
{
    /// <summary>Takes the job's result from <see cref="RunOptions.Results"/> if it succeeded before with the same inputs. The results of the jobs that it needs are always among them.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job. A job with a result needs one that can be written down.</param>
    /// <param name="inputs">Adds what the job reads: files, values, variables, and the version of its own code. Asked just before the job would start.</param>
    /// <returns>The job.</returns>
    /// <remarks>What cannot be found out is a reason to run: a cache never skips a job because something failed. <see cref="JobResult.CacheNote"/> tells what changed.</remarks>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob CachedBy<TJob>(this TJob job, Func<JobContext, Fingerprint, Fingerprint> inputs)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return job.Change(settings => settings with { CachedBy = inputs });
    }

    /// <summary>Restores dependencies that an earlier run saved, from <see cref="RunOptions.Dependencies"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="key">Names what the dependencies depend on. It is captured now, before the job changes any file.</param>
    /// <param name="directory">Where to, from the job's directory.</param>
    /// <param name="fallbackNames">Names of keys of which the newest will do if there is none of this one.</param>
    /// <returns>What was found, for <see cref="SaveDependenciesAsync"/>. A cache that is damaged or missing is a miss and never a failure.</returns>
    public static async Task<RestoredDependencies> RestoreDependenciesAsync(this JobContext job, CacheKey key, string directory, params string[] fallbackNames)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(directory);
        CapturedCacheKey captured = await key.CaptureAsync(job.Directory, cancellationToken: job.Cancellation).ConfigureAwait(false);
        string target = Path.Combine(job.Directory, directory);
        if (job.Engine.Options.Dependencies is not { } cache)
        {
            job.Log("dependencies: this run has no cache");
            return new(captured, target, null);
        }

        CacheResult result = await cache.RestoreAsync(captured, target, [.. fallbackNames], cancellationToken: job.Cancellation).ConfigureAwait(false);
        job.Log($"dependencies: {result.Reason}{(result.Warning is { } warning ? $" ({warning})" : "")}");
        return new(captured, target, result);
    }

    /// <summary>Saves dependencies for later runs, unless exactly these were restored.</summary>
    /// <param name="job">The job.</param>
    /// <param name="restored">What <see cref="RestoreDependenciesAsync"/> returned.</param>
    /// <param name="patterns">Which files of the directory; all if none is given.</param>
    public static async Task SaveDependenciesAsync(this JobContext job, RestoredDependencies restored, params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(restored);
        ArgumentNullException.ThrowIfNull(patterns);
        if (job.Engine.Options.Dependencies is { } cache && restored.Result?.Hit != CacheHit.Exact)
        {
            CacheSaveResult saved = await cache.SaveAsync(restored.Key, restored.Directory, FilePatterns.Of(patterns.Length == 0 ? ["**"] : patterns), cancellationToken: job.Cancellation).ConfigureAwait(false);
            job.Log($"dependencies: {saved.Reason}");
        }
    }
}
