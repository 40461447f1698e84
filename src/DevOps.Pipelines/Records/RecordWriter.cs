using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes one record: numbers as LEB128, texts with their length before them. Uses one pooled buffer; dispose to give it back.</summary>
internal ref struct RecordWriter
{
    private byte[] _buffer;
    private int _length;

    internal RecordWriter(RecordKind kind)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(256);
        _buffer[_length++] = (byte)kind;
    }

    internal readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    internal void Number(long value)
    {
        // Zigzag, so that small negative numbers are short too.
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        Reserve(10);
        while (rest >= 0x80)
        {
            _buffer[_length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _buffer[_length++] = (byte)rest;
    }

    internal void Fixed(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    internal void Time(DateTimeOffset value) => Fixed(value.UtcTicks);

    internal void Text(string? value)
    {
        if (value is null)
        {
            Number(-1);
            return;
        }

        int lengthBytes = Encoding.UTF8.GetByteCount(value);
        Number(lengthBytes);
        Reserve(lengthBytes);
        _length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
    }

    internal void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        Reserve(value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    internal readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_buffer.Length * 2, _length + count)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
