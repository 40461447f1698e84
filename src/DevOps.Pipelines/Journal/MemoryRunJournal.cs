using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>A journal in memory, together with its run's lease.</summary>
internal sealed class MemoryRunJournal(MemoryRun run) : IRunJournal
{
    private readonly long _found = run.Records.Statistics.Records;
    private int _closed;

    public JournalStatistics Statistics => run.Records.Statistics;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ReadOnlyMemory<byte> record in run.Records.Read(_found))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    public Task AppendAsync(ReadOnlySpan<byte> record)
    {
        ObjectDisposedException.ThrowIf(_closed != 0, typeof(IRunJournal));
        JournalFrame.CheckLength(record.Length);
        run.Records.Add(record);
        return Task.CompletedTask;
    }

    public Task FlushAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            run.Release();
        }

        return ValueTask.CompletedTask;
    }
}
