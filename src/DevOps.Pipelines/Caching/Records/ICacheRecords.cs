using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Somewhere that caches keep what they know: small records, by a name and a key.</summary>
public interface ICacheRecords
{
    /// <summary>Reads a record, and notes that it was used.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="key">The record's key.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The record; <see langword="null"/> if there is none.</returns>
    /// <exception cref="InvalidContentException">The record is damaged.</exception>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string name, Digest key, CancellationToken cancellationToken = default);

    /// <summary>Writes a record, in place of one that is there. It is there only when it is whole; of several that are written at once, one stays.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="key">The record's key.</param>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    Task WriteAsync(string name, Digest key, ReadOnlyMemory<byte> record, CancellationToken cancellationToken = default);

    /// <summary>Lists the records whose names start with a text, in no order.</summary>
    /// <param name="namePrefix">The text; empty for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<CacheRecordInfo> ListAsync(string namePrefix = "", CancellationToken cancellationToken = default);

    /// <summary>Removes a record, if it is there.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="key">The record's key.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    Task RemoveAsync(string name, Digest key, CancellationToken cancellationToken = default);
}
