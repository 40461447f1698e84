using System.Diagnostics;

namespace DevOps.Pipelines.Tests;

/// <summary>A store that ends its own process, as by kill -9, the moment a certain record of a run is durable.</summary>
internal sealed class KillingStore(IRunStore store, int afterRecords) : IRunStore
{
    public async Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default) => new Journal(await store.CreateAsync(runId, cancellationToken), afterRecords);

    public async Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default) => new Journal(await store.OpenAsync(runId, cancellationToken), afterRecords);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, CancellationToken cancellationToken = default) => store.ReadAsync(runId, cancellationToken);

    public IAsyncEnumerable<RunEntry> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);

    private sealed class Journal(IRunJournal journal, int left) : IRunJournal
    {
        private int _left = left;

        public JournalStatistics Statistics => journal.Statistics;

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default) => journal.ReadAsync(cancellationToken);

        public Task AppendAsync(ReadOnlySpan<byte> record)
        {
            Task durable = journal.AppendAsync(record);
            if (Interlocked.Decrement(ref _left) == 0)
            {
                durable.GetAwaiter().GetResult();
                Process.GetCurrentProcess().Kill();
            }

            return durable;
        }

        public Task FlushAsync() => journal.FlushAsync();

        public ValueTask DisposeAsync() => journal.DisposeAsync();
    }
}
