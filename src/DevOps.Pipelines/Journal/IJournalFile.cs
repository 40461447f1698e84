namespace DevOps.Pipelines;

/// <summary>What a <see cref="JournalWriter"/> needs of a file. Only one thread at a time calls it.</summary>
internal interface IJournalFile
{
    /// <summary>Gets the path, for messages.</summary>
    string Path { get; }

    /// <summary>Writes all bytes at an offset.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Ends when all that was written would outlive a loss of power.</summary>
    void Flush();

    /// <summary>Cuts the file.</summary>
    void SetLength(long lengthBytes);
}
