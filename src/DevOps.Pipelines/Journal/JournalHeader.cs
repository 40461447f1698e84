using System.Buffers.Binary;

namespace DevOps.Pipelines;

/// <summary>How a journal's file begins: a mark (8 bytes), the format's version (4), when the run was created in milliseconds since 1970 (8), and a check of these (4).</summary>
/// <remarks>It is durable before a run has its name, so one that is cut short is damage and no torn write.</remarks>
internal static class JournalHeader
{
    internal const int LengthBytes = 24;

    internal const uint Version = 1;

    private const string Restore = "Restore the file from a backup, or delete the run.";

    // Not text, and holding both kinds of line ends: a program that takes it for text does not leave it as it is.
    private static ReadOnlySpan<byte> Mark => [0x8D, (byte)'D', (byte)'O', (byte)'J', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    internal static byte[] Write(DateTimeOffset createdAt)
    {
        byte[] header = new byte[LengthBytes];
        Mark.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), createdAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), Crc32C.Compute(header.AsSpan(0, 20)));
        return header;
    }

    /// <summary>Reads when the run was created.</summary>
    /// <exception cref="JournalDamagedException">These bytes are no header, or one of a newer format.</exception>
    internal static DateTimeOffset Read(ReadOnlySpan<byte> header, string path)
    {
        if (header.Length < LengthBytes)
        {
            throw new JournalDamagedException(path, 0, $"a journal's header of {LengthBytes} bytes", $"a file of {header.Length} bytes", Restore);
        }

        if (!header.StartsWith(Mark))
        {
            throw new JournalDamagedException(path, 0, "the mark of a journal", $"the bytes {Convert.ToHexString(header[..8])}", "This is the file of another program, or damage. " + Restore);
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        long milliseconds = BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
        bool isWhole = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]) == Crc32C.Compute(header[..20]);
        if (isWhole && version > Version)
        {
            throw new JournalDamagedException(path, 8, $"the format {Version}", $"the newer format {version}", "It was written by a newer version of this library: continue the run with that one.");
        }

        bool isTime = milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return isWhole && version == Version && isTime
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new JournalDamagedException(path, 8, "a version, a time and their check", $"the bytes {Convert.ToHexString(header[8..LengthBytes])}", Restore);
    }
}
