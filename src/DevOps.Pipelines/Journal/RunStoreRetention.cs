namespace DevOps.Pipelines;

/// <summary>Deletes runs that need no longer be kept.</summary>
public static class RunStoreRetention
{
    /// <summary>Deletes the runs that a retention does not keep, oldest first. Runs whose lease is held stay, and so do those whose creation time cannot be read: a person should look at them.</summary>
    /// <param name="store">The store; it must be an <see cref="IRunDeleter"/> too.</param>
    /// <param name="retention">Which runs stay.</param>
    /// <param name="timeProvider">The clock for ages; that of the system if not given.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>How many runs were deleted.</returns>
    /// <exception cref="ArgumentException">The store cannot delete.</exception>
    /// <remarks>Holds an entry for each run. Age and order are those of <see cref="IRunStore.ListAsync"/>. Kept runs of which the limits would dispose do not make others go in their place.</remarks>
    public static async Task<int> PruneAsync(this IRunStore store, RunRetention retention, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(retention);
        IRunDeleter deleter = store as IRunDeleter ?? throw new ArgumentException($"{store.GetType().Name} keeps every run: it is no {nameof(IRunDeleter)}.", nameof(store));
        DateTimeOffset now = (timeProvider ?? TimeProvider.System).GetUtcNow();
        Stack<RunEntry> over = new();
        int rank = 0;
        await foreach (RunEntry run in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (run.CreatedAt is { } createdAt && (++rank > (retention.MaxRuns ?? int.MaxValue) || now - createdAt > (retention.MaxAge ?? TimeSpan.MaxValue)))
            {
                over.Push(run);
            }
        }

        int deleted = 0;
        while (over.TryPop(out RunEntry? run))
        {
            if (await retention.MayDelete(run, cancellationToken).ConfigureAwait(false) && await TryDeleteAsync(deleter, run.Id, cancellationToken).ConfigureAwait(false))
            {
                deleted++;
            }
        }

        return deleted;
    }

    private static async Task<bool> TryDeleteAsync(IRunDeleter deleter, string runId, CancellationToken cancellationToken)
    {
        try
        {
            return await deleter.DeleteAsync(runId, cancellationToken).ConfigureAwait(false);
        }
        catch (RunLeaseException)
        {
            return false;
        }
    }
}
