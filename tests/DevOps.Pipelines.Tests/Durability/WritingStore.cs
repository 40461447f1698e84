namespace DevOps.Pipelines.Tests;

/// <summary>A store that calls a test before each record is written, which may throw in its stead.</summary>
internal sealed class WritingStore(IRunStore store, Action<RecordKind> write) : IRunStore
{
    public async Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default) => new Journal(await store.CreateAsync(runId, cancellationToken), write);

    public async Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default) => new Journal(await store.OpenAsync(runId, cancellationToken), write);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, CancellationToken cancellationToken = default) => store.ReadAsync(runId, cancellationToken);

    public IAsyncEnumerable<RunEntry> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);

    private sealed class Journal(IRunJournal journal, Action<RecordKind> write) : IRunJournal
    {
        public JournalStatistics Statistics => journal.Statistics;

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default) => journal.ReadAsync(cancellationToken);

        public Task AppendAsync(ReadOnlySpan<byte> record)
        {
            try
            {
                write((RecordKind)record[0]);
            }
            catch (JournalWriteException e)
            {
                return Task.FromException(e);
            }

            return journal.AppendAsync(record);
        }

        public Task FlushAsync() => journal.FlushAsync();

        public ValueTask DisposeAsync() => journal.DisposeAsync();
    }
}
