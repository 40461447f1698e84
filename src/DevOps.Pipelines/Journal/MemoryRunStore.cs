using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>Keeps runs in memory, for tests and for runs that need not outlive their process. A journal that was disposed can be opened again, as by the next process.</summary>
/// <remarks>Records are copied into segments of up to 256 KiB, with 4 bytes more for each. A record is durable when <see cref="IRunJournal.AppendAsync"/> returns.</remarks>
/// <param name="timeProvider">The clock that dates runs; that of the system if not given.</param>
public sealed class MemoryRunStore(TimeProvider? timeProvider = null) : IRunStore, IRunDeleter, IRunInbox, IExclusionStore
{
    private const string Place = "the memory of this process";

    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SemaphoreSlim> _exclusions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default)
    {
        RunIds.Check(runId);
        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset createdAt = DateTimeOffset.FromUnixTimeMilliseconds(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        MemoryRun run = new(runId, createdAt);
        lock (_lock)
        {
            return _runs.TryAdd(runId, run) ? run.Open(createdAt) : throw new RunExistsException(runId, Place);
        }
    }

    /// <inheritdoc/>
    public async Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Find(runId).Open(_timeProvider.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ReadOnlyMemory<byte> record in Find(runId).Records.Read(long.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RunEntry[] runs;
        lock (_lock)
        {
            runs = [.. _runs.Values.Select(run => run.Entry)];
        }

        foreach (RunEntry run in RunOrder.NewestFirst(runs))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return run;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string runId, CancellationToken cancellationToken = default)
    {
        RunIds.Check(runId);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_runs.TryGetValue(runId, out MemoryRun? run))
            {
                run.CheckFree();
            }

            return _runs.Remove(runId);
        }
    }

    /// <inheritdoc/>
    public async Task PostAsync(string runId, string messageId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        RunIds.Check(messageId);
        JournalFrame.CheckLength(message.Length);
        cancellationToken.ThrowIfCancellationRequested();
        Find(runId).Post(messageId, message.Span);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunMessage> ReadMessagesAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (RunMessage message in Find(runId).Messages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return message;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Keeps about 100 bytes for each name that was ever used.</remarks>
    public async Task<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        SemaphoreSlim? exclusion;
        lock (_lock)
        {
            if (!_exclusions.TryGetValue(name, out exclusion))
            {
                exclusion = new(1);
                _exclusions.Add(name, exclusion);
            }
        }

        await exclusion.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Exclusion(() => exclusion.Release());
    }

    /// <summary>Makes a store with one run as it would be after a process was ended when that many records were durable: nobody holds its lease, and all its messages are there.</summary>
    /// <param name="runId">The run; it may be under way, and is not touched.</param>
    /// <param name="records">How many of its records the copy has; all of them if there are fewer.</param>
    /// <returns>A store of its own, with the same clock.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    public MemoryRunStore CopyAfter(string runId, long records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        MemoryRunStore copy = new(_timeProvider);
        copy._runs.Add(runId, Find(runId).Copy(records));
        return copy;
    }

    private MemoryRun Find(string runId)
    {
        RunIds.Check(runId);
        lock (_lock)
        {
            return _runs.GetValueOrDefault(runId) ?? throw new RunNotFoundException(runId, Place);
        }
    }
}
