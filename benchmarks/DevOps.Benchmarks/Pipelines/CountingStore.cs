using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>A store that remembers what the journals of its runs came to.</summary>
internal sealed class CountingStore(IRunStore store) : IRunStore
{
    private IRunJournal? _journal;

    internal JournalStatistics Statistics => _journal?.Statistics ?? default;

    public async Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default) => _journal = await store.CreateAsync(runId, cancellationToken);

    public Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default) => store.OpenAsync(runId, cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, CancellationToken cancellationToken = default) => store.ReadAsync(runId, cancellationToken);

    public IAsyncEnumerable<RunEntry> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);
}
