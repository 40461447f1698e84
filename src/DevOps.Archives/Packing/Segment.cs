using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Packing;

/// <summary>A segment of the content between two borders: first the places where it is, then its compressed bytes.</summary>
internal sealed class Segment(int length, NativeBuffer output)
{
    private readonly List<(PackBuffer Buffer, int Offset, int Length)> _parts = [];

    /// <summary>Gets the size of its content, in bytes.</summary>
    internal int LengthBytes { get; } = length;

    /// <summary>Gets what the content was compressed to.</summary>
    internal ReadOnlyMemory<byte> Compressed => output.Memory[..CompressedLength];

    internal NativeBuffer Output => output;

    internal uint Crc { get; private set; }

    private int CompressedLength { get; set; }

    internal void Add(PackBuffer buffer, int offset, int length)
    {
        buffer.Hold();
        _parts.Add((buffer, offset, length));
    }

    /// <summary>Compresses the content and lets go of it.</summary>
    internal unsafe void Compress(SegmentEncoder encoder)
    {
        if (_parts is [(PackBuffer buffer, int offset, _)])
        {
            CompressedLength = encoder.Encode(buffer.Memory.Start + offset, LengthBytes, output.Start);
            Crc = Crc32.Append(0, buffer.Content.Slice(offset, LengthBytes));
            return;
        }

        Span<byte> joined = encoder.GetInput(LengthBytes);
        int at = 0;
        foreach ((PackBuffer part, int start, int count) in _parts)
        {
            part.Content.Slice(start, count).CopyTo(joined[at..]);
            at += count;
        }

        CompressedLength = encoder.EncodeInput(LengthBytes, output.Start);
        Crc = Crc32.Append(0, joined);
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
