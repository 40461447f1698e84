using DevOps.Archives.Compression.Deflate;

namespace DevOps.Benchmarks.Archives;

/// <summary>The segments of content, cut as packing cuts it.</summary>
internal static class Segments
{
    internal static List<(long Start, int Length)> Of(NativeContent content)
    {
        List<(long Start, int Length)> segments = [];
        SegmentBorders borders = new();
        long start = 0;
        for (long at = 0; at < content.LengthBytes;)
        {
            Span<byte> part = content.Part(at);
            borders.Append(part);
            at += part.Length;
            Take();
        }

        borders.Complete();
        Take();
        return segments;

        void Take()
        {
            while (borders.TryNext(out long border))
            {
                segments.Add((start, (int)(border - start)));
                start = border;
            }
        }
    }
}
