using System.Runtime.InteropServices;

namespace DevOps.Pipelines;

/// <summary>Records in segments of memory, each behind its length. What was written never changes or moves, so it can be read while more is added.</summary>
internal sealed class MemoryRecords
{
    private const int FirstBytes = 1 << 10;

    // From 85,000 bytes on the garbage collector leaves memory where it is instead of copying it twice.
    private const int MaxBytes = 256 << 10;

    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];
    private Segment _last = new(0);
    private long _records;
    private long _lengthBytes;

    internal JournalStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new(_records, _lengthBytes, 0);
            }
        }
    }

    internal void Add(ReadOnlySpan<byte> record)
    {
        int needed = record.Length + sizeof(int);
        lock (_lock)
        {
            Segment last = _last;
            if (last.Bytes.Length - last.Used < needed)
            {
                _last = last = new(Math.Max(needed, Math.Clamp(last.Bytes.Length * 2, FirstBytes, MaxBytes)));
                _segments.Add(last);
            }

            Span<byte> room = last.Bytes.AsSpan(last.Used, needed);
            MemoryMarshal.Write(room, record.Length);
            record.CopyTo(room[sizeof(int)..]);
            last.Used += needed;
            _records++;
            _lengthBytes += needed;
        }
    }

    /// <summary>Reads the first records, at most those that are there now.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Read(long maxRecords)
    {
        Segment[] segments;
        long left;
        lock (_lock)
        {
            segments = [.. _segments];
            left = Math.Min(maxRecords, _records);
        }

        for (int i = 0; left > 0; i++)
        {
            byte[] bytes = segments[i].Bytes;
            int used = segments[i].Used;
            for (int at = 0; at < used && left > 0; left--)
            {
                int length = MemoryMarshal.Read<int>(bytes.AsSpan(at));
                yield return bytes.AsMemory(at + sizeof(int), length);
                at += sizeof(int) + length;
            }
        }
    }

    private sealed class Segment(int bytes)
    {
        internal byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes);

        internal int Used { get; set; }
    }
}
