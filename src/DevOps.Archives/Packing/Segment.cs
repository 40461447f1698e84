using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Packing;

/// <summary>A segment of the content between two borders: first the places where it is, then its compressed bytes.</summary>
internal sealed class Segment(int length, NativeBuffer output, bool isExtra)
{
    private readonly List<(PackBuffer Buffer, int Offset, int Length)> _parts = [];

    /// <summary>Gets the size of its content, in bytes.</summary>
    internal int LengthBytes { get; } = length;

    /// <summary>Gets what the content was compressed to.</summary>
    internal ReadOnlyMemory<byte> Compressed => output.Memory[..CompressedLength];

    internal NativeBuffer Output => output;

    /// <summary>Gets whether the room for its output is one that all packs share.</summary>
    internal bool IsExtra => isExtra;

    internal uint Crc { get; private set; }

    private int CompressedLength { get; set; }

    internal void Add(PackBuffer buffer, int offset, int length)
    {
        buffer.Hold();
        _parts.Add((buffer, offset, length));
    }

    /// <summary>Compresses the content, or takes what it was compressed to before.</summary>
    internal unsafe void Compress(SegmentEncoder encoder, SegmentReuse? reuse)
    {
        byte* start = _parts is [(PackBuffer buffer, int offset, _)] ? buffer.Memory.Start + offset : Join(encoder);
        ReadOnlySpan<byte> content = new(start, LengthBytes);
        byte[]? key = reuse?.KeyOf(content);
        if (key is not null && reuse!.Find(key, LengthBytes, output) is { } found)
        {
            (CompressedLength, Crc) = found;
            return;
        }

        CompressedLength = encoder.Encode(start, LengthBytes, output.Start);
        Crc = Crc32.Append(0, content);
        if (key is not null)
        {
            reuse!.Store(key, LengthBytes, Crc, Compressed);
        }
    }

    private unsafe byte* Join(SegmentEncoder encoder)
    {
        NativeBuffer joined = encoder.Input;
        int at = 0;
        foreach ((PackBuffer part, int start, int count) in _parts)
        {
            part.Content.Slice(start, count).CopyTo(joined.GetSpan()[at..]);
            at += count;
        }

        return joined.Start;
    }

    /// <summary>Lets go of the content.</summary>
    internal void Release()
    {
        foreach ((PackBuffer buffer, _, _) in _parts)
        {
            buffer.Release();
        }

        _parts.Clear();
    }
}
