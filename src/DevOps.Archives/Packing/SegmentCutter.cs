using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Packing;

/// <summary>Cuts filled buffers at the borders that their content has, and holds what has no border yet.</summary>
internal sealed class SegmentCutter
{
    private readonly SegmentBorders _borders = new();
    private readonly Queue<PackBuffer> _open = new();
    private long _start;
    private int _offset;

    /// <summary>Takes the next buffer.</summary>
    internal void Append(PackBuffer buffer)
    {
        buffer.Hold();
        _open.Enqueue(buffer);
        _borders.Append(buffer.Content);
    }

    /// <summary>Says that no buffer follows.</summary>
    internal void Complete() => _borders.Complete();

    /// <summary>Gets the length of the next segment whose end is certain; <see cref="Cut"/> then takes it.</summary>
    internal bool TryNext(out int length)
    {
        bool found = _borders.TryNext(out long border);
        length = found ? (int)(border - _start) : 0;
        return found;
    }

    internal void Cut(Segment segment)
    {
        _start += segment.LengthBytes;
        for (int left = segment.LengthBytes; left > 0;)
        {
            PackBuffer buffer = _open.Peek();
            int part = Math.Min(left, buffer.Length - _offset);
            segment.Add(buffer, _offset, part);
            left -= part;
            _offset += part;
            if (_offset == buffer.Length)
            {
                _open.Dequeue().Release();
                _offset = 0;
            }
        }
    }

    internal void Release()
    {
        foreach (PackBuffer buffer in _open)
        {
            buffer.Release();
        }

        _open.Clear();
    }
}
