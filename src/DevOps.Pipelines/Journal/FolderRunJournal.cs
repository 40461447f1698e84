using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>A journal in a file, together with its run's lease.</summary>
internal sealed class FolderRunJournal : IRunJournal
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly RunLease _lease;
    private readonly long _foundBytes;
    private readonly JournalWriter _writer;

    private FolderRunJournal(SafeFileHandle file, string path, RunLease lease, long foundBytes, long foundRecords, int maxQueuedBytes)
    {
        (_file, _path, _lease, _foundBytes) = (file, path, lease, foundBytes);
        _writer = new(new JournalFile(file, path), foundBytes, foundRecords, maxQueuedBytes);
    }

    public JournalStatistics Statistics => _writer.Statistics;

    /// <summary>Checks the file whole and cuts off what a crash left at its end. The lease passes to the journal.</summary>
    internal static async Task<FolderRunJournal> OpenAsync(string path, RunLease lease, int maxQueuedBytes, CancellationToken cancellationToken)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            JournalReader reader = new(file, path);
            await foreach (ReadOnlyMemory<byte> _ in reader.ReadAsync(long.MaxValue, cancellationToken).ConfigureAwait(false))
            {
            }

            if (reader.Position < reader.LengthBytes)
            {
                RandomAccess.SetLength(file, reader.Position);
            }

            // A process that was ended may have written what the disk does not have yet; whoever reads it here relies on it.
            RandomAccess.FlushToDisk(file);

            return new(file, path, lease, reader.Position, reader.Records, maxQueuedBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default) => new JournalReader(_file, _path).ReadAsync(_foundBytes, cancellationToken);

    public Task AppendAsync(ReadOnlySpan<byte> record) => _writer.Append(record);

    public Task FlushAsync() => _writer.Flush();

    public async ValueTask DisposeAsync()
    {
        await _writer.CloseAsync().ConfigureAwait(false);
        _file.Dispose();
        _lease.Dispose();
    }
}
