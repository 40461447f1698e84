namespace DevOps.Pipelines;

/// <summary>One search in a dependency cache. Failures become warnings.</summary>
internal sealed class CacheSearch(IArtifactStore store, ICacheRecords records, DependencyCacheOptions options, CapturedCacheKey key, string directory)
{
    private readonly List<string> _warnings = [];

    /// <summary>Restores an entry, if it is there and whole.</summary>
    internal async Task<CacheEntry?> TryAsync(CacheRecordInfo candidate, CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadAsync(candidate, cancellationToken).ConfigureAwait(false) is not { } entry)
            {
                return null;
            }

            await store.RestoreAsync(entry.Artifact, directory, options.Restoring, cancellationToken).ConfigureAwait(false);
            return entry;
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            _warnings.Add($"'{candidate.Name}-{candidate.Key.Hex[..16]}' could not be restored: {e.Message}");
            if (CacheFailures.IsBroken(e))
            {
                await RemoveAsync(candidate, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
    }

    /// <summary>Lists the entries whose name starts with a text, the newest first.</summary>
    internal async Task<IEnumerable<CacheRecordInfo>> NewestAsync(string name, CancellationToken cancellationToken)
    {
        List<CacheRecordInfo> found = [];
        try
        {
            await foreach (CacheRecordInfo entry in records.ListAsync(name, cancellationToken).ConfigureAwait(false))
            {
                // That one was tried already.
                if (entry.Name != key.Name || entry.Key != key.Fingerprint.Digest)
                {
                    found.Add(entry);
                }
            }
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            _warnings.Add($"The entries of '{name}' could not be listed: {e.Message}");
        }

        return found.OrderByDescending(entry => entry.WrittenAt).ThenBy(entry => entry.Key.Hex, StringComparer.Ordinal);
    }

    internal CacheResult Found(CacheHit hit, string reason, CacheEntry entry) => new()
    {
        Hit = hit,
        Reason = reason,
        Warning = Warning,
        Artifact = entry.Artifact,
        Changes = key.Fingerprint.ChangesSince(entry.Fingerprint),
    };

    /// <summary>Tells what differs from the newest entry of the same name.</summary>
    internal async Task<CacheResult> MissedAsync(CancellationToken cancellationToken)
    {
        foreach (CacheRecordInfo candidate in (await NewestAsync(key.Name, cancellationToken).ConfigureAwait(false)).Where(entry => entry.Name == key.Name).Take(1))
        {
            try
            {
                if (await ReadAsync(candidate, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    return Missed($"'{key}' is not in the cache; what '{new CapturedCacheKey(entry.Fingerprint)}' was saved for differs.") with { Changes = key.Fingerprint.ChangesSince(entry.Fingerprint) };
                }
            }
            catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
            {
                _warnings.Add($"'{candidate.Name}-{candidate.Key.Hex[..16]}' could not be read: {e.Message}");
            }
        }

        return Missed(_warnings.Count == 0 ? $"'{key}' is not in the cache, and nothing of its name is." : $"'{key}' could not be restored from the cache.");
    }

    private string? Warning => _warnings.Count == 0 ? null : string.Join(' ', _warnings);

    private CacheResult Missed(string reason) => new() { Hit = CacheHit.Miss, Reason = reason, Warning = Warning };

    private async Task<CacheEntry?> ReadAsync(CacheRecordInfo candidate, CancellationToken cancellationToken)
    {
        if (await records.ReadAsync(candidate.Name, candidate.Key, cancellationToken).ConfigureAwait(false) is not { } record)
        {
            return null;
        }

        CacheEntry entry = CacheEntry.Parse(record);
        return entry.Fingerprint.Name == candidate.Name && entry.Fingerprint.Digest == candidate.Key
            ? entry
            : throw new InvalidContentException("cache entry", $"it is that of {entry.Fingerprint}");
    }

    private async Task RemoveAsync(CacheRecordInfo candidate, CancellationToken cancellationToken)
    {
        try
        {
            await records.RemoveAsync(candidate.Name, candidate.Key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            _warnings.Add($"It could not be removed: {e.Message}");
        }
    }
}
