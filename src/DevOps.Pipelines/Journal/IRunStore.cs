namespace DevOps.Pipelines;

/// <summary>Keeps the journals of runs. A journal is a list of records that only grows; a record is bytes that the store does not look into.</summary>
/// <remarks>A run id has 1 to 100 of the letters, digits, <c>-</c>, <c>_</c> and <c>.</c> of ASCII and does not start with a dot; any other is refused with an <see cref="ArgumentException"/> by every member. A failure of the disk keeps its <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</remarks>
public interface IRunStore
{
    /// <summary>Makes the journal of a new run and takes the run's lease. Of several that create the same run, one succeeds.</summary>
    /// <returns>The empty journal. The caller disposes it, which gives the lease back.</returns>
    /// <exception cref="RunExistsException">There is such a run.</exception>
    Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Opens the journal of a run to go on with it, and takes the run's lease. All records are checked; what a crash left half-written at the end is cut off.</summary>
    /// <returns>The journal. The caller disposes it, which gives the lease back.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunLeaseException">Another process, or another journal of this one, holds the lease.</exception>
    /// <exception cref="JournalDamagedException">A record is not what was written; nothing was changed.</exception>
    Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Streams the records of a run without its lease, so that of a run that is under way too: those that are there when the reading starts, which may include some that are not on disk yet.</summary>
    /// <returns>The records, first to last. The memory of each stays valid, and must not be written to.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="JournalDamagedException">A record is not what was written; those already yielded are right.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Streams the runs, newest first by the time at which they were created, runs of the same millisecond by ordinal id; runs whose time cannot be read come last.</summary>
    IAsyncEnumerable<RunEntry> ListAsync(CancellationToken cancellationToken = default);
}
