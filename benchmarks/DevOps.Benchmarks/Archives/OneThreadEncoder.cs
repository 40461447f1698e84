using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Benchmarks.Archives;

/// <summary>Everything that compressing content takes, on one thread: the scan for borders, the encoder on each segment, and the checksum.</summary>
internal static unsafe class OneThreadEncoder
{
    // The header of gzip, the last block, the checksum and the length.
    private const int FrameBytes = 10 + 2 + 8;

    /// <summary>Compresses content and returns how many bytes it became.</summary>
    internal static long Run(NativeContent content, DeflateLevel level)
    {
        using SegmentEncoder encoder = new(level);
        using NativeContent output = new(SegmentEncoder.MaxOutputBytes(SegmentRules.Version1.MaxSegmentBytes));
        long size = FrameBytes;
        uint crc = 0;
        foreach ((long start, int length) in Segments.Of(content))
        {
            byte* segment = content.Start + start;
            size += encoder.Encode(segment, length, output.Start);
            crc = Crc32.Combine(crc, Crc32.Append(0, new(segment, length)), length);
        }

        return size;
    }
}
