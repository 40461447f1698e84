using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Keeps directories that can be had again but take time, as downloaded packages, from one run to the next. What goes wrong with it is a warning, never the end of a job.</summary>
/// <remarks>Safe for use by several threads and, where its stores are, several processes. Of several that save the same key at once, one stays, and each is told that it is saved.</remarks>
public sealed class DependencyCache
{
    private const int MaxTries = 3;

    private readonly IArtifactStore _store;
    private readonly ICacheRecords _records;
    private readonly DependencyCacheOptions _options;

    /// <summary>Creates a cache.</summary>
    /// <param name="store">Where the files are kept. Give the cache one of its own: what was not used for longest is removed from it.</param>
    /// <param name="records">Where the entries are kept; no other cache's.</param>
    /// <param name="options">How; <see cref="DependencyCacheOptions.Default"/> if <see langword="null"/>.</param>
    public DependencyCache(IArtifactStore store, ICacheRecords records, DependencyCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(records);
        (_store, _records, _options) = (store, records, options ?? DependencyCacheOptions.Default);
    }

    /// <summary>Creates a cache in a directory.</summary>
    /// <param name="directory">The directory; it is made when something is saved.</param>
    /// <param name="options">How; <see cref="DependencyCacheOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    public static DependencyCache InFolder(string directory, DependencyCacheOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new(new FolderArtifactStore(Path.Combine(directory, "files"), timeProvider), new FolderCacheRecords(Path.Combine(directory, "entries"), timeProvider), options);
    }

    /// <summary>Restores what was saved for a key, or else what will do instead.</summary>
    /// <param name="key">The key, captured before the job runs.</param>
    /// <param name="directory">Where the files go. If nothing is restored, it stays as it is: the job must do without.</param>
    /// <param name="fallbackNames">Starts of names, in the order in which they are tried if there is no entry for the key; for each, the newest entry of any such name. The key's own name allows an entry with other inputs.</param>
    /// <param name="policy">With <see cref="CachePolicy.Push"/>, nothing is done.</param>
    /// <param name="cancellationToken">Stops the restore; nothing is left of it.</param>
    /// <returns>What was restored, and why. A broken entry is a miss with a warning, and removed.</returns>
    public async Task<CacheResult> RestoreAsync(
        CapturedCacheKey key, string directory, IEnumerable<string>? fallbackNames = null, CachePolicy policy = CachePolicy.PullPush, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ImmutableArray<string> fallbacks = [.. fallbackNames ?? []];
        foreach (string name in fallbacks)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(fallbackNames));
        }

        if (policy == CachePolicy.Push)
        {
            return new() { Hit = CacheHit.NotAsked, Reason = "The policy is to save only." };
        }

        CacheSearch search = new(_store, _records, _options, key, directory);
        if (await search.TryAsync(new(key.Name, key.Fingerprint.Digest, default, default), cancellationToken).ConfigureAwait(false) is { } exact)
        {
            return search.Found(CacheHit.Exact, $"'{key}' is in the cache.", exact);
        }

        foreach (string name in fallbacks)
        {
            foreach (CacheRecordInfo candidate in (await search.NewestAsync(name, cancellationToken).ConfigureAwait(false)).Take(MaxTries))
            {
                if (await search.TryAsync(candidate, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    return search.Found(CacheHit.Fallback, $"'{key}' is not in the cache; '{new CapturedCacheKey(entry.Fingerprint)}' is the newest whose name starts with '{name}'.", entry);
                }
            }
        }

        return await search.MissedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves files for a key, if there is nothing for it yet.</summary>
    /// <param name="key">The key, captured before the job ran.</param>
    /// <param name="root">The root; it is what is restored to a directory.</param>
    /// <param name="patterns">Which files below it.</param>
    /// <param name="policy">With <see cref="CachePolicy.Pull"/>, nothing is done.</param>
    /// <param name="cancellationToken">Stops the saving; nothing is left of it.</param>
    /// <returns>What came of it. A full disk is a warning, and makes nothing else go.</returns>
    public async Task<CacheSaveResult> SaveAsync(CapturedCacheKey key, string root, FilePatterns patterns, CachePolicy policy = CachePolicy.PullPush, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(patterns);
        if (policy == CachePolicy.Pull)
        {
            return new(CacheSaveOutcome.NotAsked, "The policy is to restore only.");
        }

        try
        {
            if (await IsThereAsync(key, cancellationToken).ConfigureAwait(false))
            {
                return new(CacheSaveOutcome.AlreadyThere, $"'{key}' is in the cache already.");
            }

            ArtifactSaveOptions saving = _options.Saving with { MaxStoredBytes = _options.MaxBytes / 2 };
            Artifact artifact = await _store.SaveAsync(key.Name, root, patterns, saving, cancellationToken).ConfigureAwait(false);
            await _records.WriteAsync(key.Name, key.Fingerprint.Digest, new CacheEntry(key.Fingerprint, artifact).ToJson(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            return new(CacheSaveOutcome.Failed, $"'{key}' was not saved to the cache: {e.Message}");
        }

        return new(CacheSaveOutcome.Saved, await TrimAsync(cancellationToken).ConfigureAwait(false) is { } warning
            ? $"'{key}' was saved to the cache, which could not be kept within its bounds: {warning}"
            : $"'{key}' was saved to the cache.");
    }

    private async Task<bool> IsThereAsync(CapturedCacheKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await _records.ReadAsync(key.Name, key.Fingerprint.Digest, cancellationToken).ConfigureAwait(false) is { } record
                && await _store.ContainsAsync(CacheEntry.Parse(record).Artifact, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidContentException)
        {
            // It is damaged: what is saved now takes its place.
            return false;
        }
    }

    private async Task<string?> TrimAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_store is IArtifactTrimmer trimmer)
            {
                await trimmer.TrimAsync(_options.MaxBytes, cancellationToken).ConfigureAwait(false);
            }

            List<CacheRecordInfo> entries = [];
            await foreach (CacheRecordInfo entry in _records.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                entries.Add(entry);
            }

            foreach (CacheRecordInfo entry in entries.OrderByDescending(entry => entry.LastUsedAt).ThenBy(entry => entry.Key.Hex, StringComparer.Ordinal).Skip(_options.MaxEntries))
            {
                await _records.RemoveAsync(entry.Name, entry.Key, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            return e.Message;
        }
    }
}
