using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Reads one record. The journal vouches for the bytes; a record that was written by something else is refused all the same.</summary>
internal ref struct RecordReader
{
    private readonly ReadOnlySpan<byte> _record;
    private int _at;

    internal RecordReader(ReadOnlySpan<byte> record)
    {
        _record = record;
        Kind = record.Length > 0 ? (RecordKind)record[0] : throw NotARecord();
        _at = 1;
    }

    internal RecordKind Kind { get; }

    internal readonly bool IsAtEnd => _at == _record.Length;

    internal long Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = _at < _record.Length ? _record[_at++] : throw NotARecord();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw NotARecord();
    }

    /// <summary>Reads a number of things to come, each of which takes at least one byte.</summary>
    internal int Count()
    {
        long count = Number();
        return count >= 0 && count <= _record.Length - _at ? (int)count : throw NotARecord();
    }

    internal long Fixed() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    internal DateTimeOffset Time()
    {
        long ticks = Fixed();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks ? new(ticks, TimeSpan.Zero) : throw NotARecord();
    }

    internal string? Text() => Number() is long length and >= 0 ? Encoding.UTF8.GetString(Take(length)) : null;

    internal string RequiredText() => Text() ?? throw NotARecord();

    internal ReadOnlySpan<byte> Bytes() => Take(Number());

    internal T Value<T>()
        where T : struct, Enum
    {
        // Every enumeration that is written has int below it, and a record of many edges has many of them.
        long number = Number();
        int narrow = (int)number;
        T value = Unsafe.As<int, T>(ref narrow);
        return narrow == number && Enum.IsDefined(value) ? value : throw NotARecord();
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _record.Length - _at)
        {
            throw NotARecord();
        }

        _at += (int)count;
        return _record.Slice(_at - (int)count, (int)count);
    }

    private static InvalidDataException NotARecord() => new("A record of the journal is not one that this version writes.");
}
