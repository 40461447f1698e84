namespace DevOps.Pipelines;

/// <summary>The journal of one run in the hands of the one that holds the run's lease. Safe for use by many threads.</summary>
/// <remarks>Disposing writes what is still queued, and gives the lease back. It does not fail: who must know whether the last records are durable awaits them, or <see cref="FlushAsync"/>, first.</remarks>
public interface IRunJournal : IAsyncDisposable
{
    /// <summary>Gets how much the journal holds.</summary>
    JournalStatistics Statistics { get; }

    /// <summary>Streams the records that were there at opening, first to last; none for a new run. Appended records are not among them. Can be called again, until the journal is disposed.</summary>
    /// <returns>The records. The memory of each stays valid, and must not be written to.</returns>
    /// <exception cref="JournalDamagedException">A record changed on disk since the opening.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Queues a record. The order of calls is the order in the journal, so when a record is durable all before it are.</summary>
    /// <param name="record">The bytes, at most 16 MiB; they are copied before the call returns.</param>
    /// <returns>Ends when the record is durable; shared by all records of one write, so calling allocates nothing and one that need not wait may ignore it.</returns>
    /// <remarks>The call itself blocks only while more bytes are queued than the store allows, which slows those that never await down to the speed of the disk.</remarks>
    /// <exception cref="ArgumentException">The record has more than 16 MiB.</exception>
    /// <exception cref="ObjectDisposedException">The journal was disposed.</exception>
    /// <exception cref="JournalWriteException">By the task: this record or one before it could not be made durable. The journal takes no more. Whether the record is there when the run is opened again is not certain.</exception>
    Task AppendAsync(ReadOnlySpan<byte> record);

    /// <summary>Waits until every record that was queued before is durable.</summary>
    /// <exception cref="JournalWriteException">By the task: one of them could not be made durable.</exception>
    Task FlushAsync();
}
