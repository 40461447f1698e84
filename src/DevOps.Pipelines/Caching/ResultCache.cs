using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Keeps the results of jobs by what they depend on, so that a job whose inputs are all the same need not run. Whatever goes wrong, the job runs: it is never skipped for an error.</summary>
/// <remarks>Safe for use by several threads and, where its stores are, several processes.</remarks>
public sealed class ResultCache
{
    private readonly ICacheRecords _records;
    private readonly IArtifactStore? _artifacts;
    private readonly TimeProvider _timeProvider;
    private readonly int _maxRecordsOfJob;

    /// <summary>Creates a cache.</summary>
    /// <param name="records">Where the results are kept; no other cache's.</param>
    /// <param name="artifacts">Where the jobs' artifacts are; without it, a result with artifacts is never found.</param>
    /// <param name="maxRecordsOfJob">How many results are kept of one job; of more, those that were not used for longest are forgotten.</param>
    /// <param name="timeProvider">The clock that tells whether an artifact has expired; the system's if <see langword="null"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public ResultCache(ICacheRecords records, IArtifactStore? artifacts = null, int maxRecordsOfJob = 50, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecordsOfJob, 1);
        (_records, _artifacts, _maxRecordsOfJob, _timeProvider) = (records, artifacts, maxRecordsOfJob, timeProvider ?? TimeProvider.System);
    }

    /// <summary>Looks for the result that was recorded for the same inputs.</summary>
    /// <param name="fingerprint">The inputs, captured before the job would run.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The result, or why the job must run.</returns>
    public async Task<ResultLookup> FindAsync(FingerprintRecord fingerprint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        try
        {
            if (await ReadAsync(fingerprint.Name, fingerprint.Digest, cancellationToken).ConfigureAwait(false) is not { } entry)
            {
                return await ExplainAsync(fingerprint, cancellationToken).ConfigureAwait(false);
            }

            foreach (Artifact artifact in entry.Result.Artifacts)
            {
                if (artifact.ExpiresAt <= _timeProvider.GetUtcNow() || _artifacts is null || !await _artifacts.ContainsAsync(artifact, cancellationToken).ConfigureAwait(false))
                {
                    return new() { Reason = $"'{fingerprint.Name}' runs: nothing changed, but its artifact '{artifact.Name}' cannot be had any more." };
                }
            }

            return new() { Result = entry.Result, Reason = $"'{fingerprint.Name}' need not run: nothing that it depends on changed." };
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            return new() { Reason = $"'{fingerprint.Name}' runs: its recorded result could not be looked up.", Warning = e.Message };
        }
    }

    /// <summary>Records the result of a job.</summary>
    /// <param name="fingerprint">The inputs, captured before the job ran: what changed while it ran must not look as if it had been read.</param>
    /// <param name="result">The result. Its artifacts are in their store already.</param>
    /// <param name="cancellationToken">Stops the recording.</param>
    /// <returns>What came of it; a failure is a warning.</returns>
    public async Task<CacheSaveResult> StoreAsync(FingerprintRecord fingerprint, RecordedResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        ArgumentNullException.ThrowIfNull(result);
        try
        {
            await _records.WriteAsync(fingerprint.Name, fingerprint.Digest, new ResultEntry(fingerprint, result).ToJson(), cancellationToken).ConfigureAwait(false);
            List<CacheRecordInfo> held = await ListAsync(fingerprint.Name, cancellationToken).ConfigureAwait(false);
            foreach (CacheRecordInfo record in held.OrderByDescending(record => record.LastUsedAt).ThenBy(record => record.Key.Hex, StringComparer.Ordinal).Skip(_maxRecordsOfJob))
            {
                await _records.RemoveAsync(record.Name, record.Key, cancellationToken).ConfigureAwait(false);
            }

            return new(CacheSaveOutcome.Saved, $"The result of '{fingerprint.Name}' was recorded.");
        }
        catch (Exception e) when (CacheFailures.IsSurvivable(e, cancellationToken))
        {
            return new(CacheSaveOutcome.Failed, $"The result of '{fingerprint.Name}' was not recorded: {e.Message}");
        }
    }

    private async Task<ResultLookup> ExplainAsync(FingerprintRecord fingerprint, CancellationToken cancellationToken)
    {
        List<CacheRecordInfo> held = await ListAsync(fingerprint.Name, cancellationToken).ConfigureAwait(false);
        if (held.OrderByDescending(record => record.WrittenAt).ThenBy(record => record.Key.Hex, StringComparer.Ordinal).FirstOrDefault() is not { } newest
            || await ReadAsync(newest.Name, newest.Key, cancellationToken).ConfigureAwait(false) is not { } entry)
        {
            return new() { Reason = $"'{fingerprint.Name}' runs: no result of it is recorded." };
        }

        ImmutableArray<InputChange> changes = fingerprint.ChangesSince(entry.Fingerprint);
        return new() { Reason = $"'{fingerprint.Name}' runs: {string.Join("; ", changes)}.", Changes = changes };
    }

    private async Task<ResultEntry?> ReadAsync(string name, Oci.Digest key, CancellationToken cancellationToken)
    {
        if (await _records.ReadAsync(name, key, cancellationToken).ConfigureAwait(false) is not { } record)
        {
            return null;
        }

        ResultEntry entry = ResultEntry.Parse(record);
        return entry.Fingerprint.Name == name && entry.Fingerprint.Digest == key ? entry : throw new InvalidContentException("recorded result", $"it is that of {entry.Fingerprint}");
    }

    private async Task<List<CacheRecordInfo>> ListAsync(string name, CancellationToken cancellationToken)
    {
        List<CacheRecordInfo> records = [];
        await foreach (CacheRecordInfo record in _records.ListAsync(name, cancellationToken).ConfigureAwait(false))
        {
            if (record.Name == name)
            {
                records.Add(record);
            }
        }

        return records;
    }
}
