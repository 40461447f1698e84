namespace DevOps.Archives.Compression;

/// <summary>Tells from their beginning how bytes are compressed.</summary>
public static class CompressionMagic
{
    /// <summary>The number of first bytes that are needed to tell.</summary>
    public const int Length = 6;

    /// <summary>Returns how bytes are compressed.</summary>
    /// <param name="start">The first bytes, <see cref="Length"/> of them if there are as many.</param>
    /// <remarks>Source: RFC 1952, section 2.3.1; RFC 8878, sections 3.1.1 and 3.1.2 (a frame, or a skippable frame); the formats of bzip2 and xz.</remarks>
    public static CompressionFormat Recognize(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => CompressionFormat.Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => CompressionFormat.Zstd,
        [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => CompressionFormat.Zstd,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => CompressionFormat.Bzip2,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => CompressionFormat.Xz,
        _ => CompressionFormat.None,
    };
}
