using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Cuts a stream into segments at borders that its content decides, as <see cref="SegmentRules"/> say. Not safe for use by several threads at once.</summary>
/// <remarks>
/// <para>
/// After an edit whose last changed byte is before x, natural borders from x + W + 63 on are the same, and so is every border from the first of those on. As natural borders are more than W apart,
/// at most two segments behind the edited one differ, except for forced borders: where content has no natural ones, as in a long run of zeros or of anything with a period of at most W, forced
/// borders stay where the edit moved them up to the next natural border.
/// </para>
/// <para>
/// Keeps no content but the last seven bytes, and nothing that grows but borders that were not taken. A border is given as soon as it is certain: a natural one W + 8 bytes behind it, a forced one
/// when no candidate before it may still become natural.
/// </para>
/// </remarks>
internal sealed unsafe class SegmentBorders(SegmentRules rules)
{
    private const int Overlap = BorderHash.WindowBytes - 1;
    private const long None = -1;

    private readonly CandidateQueue _candidates = new();
    private readonly Queue<long> _borders = new();
    private readonly byte[] _tail = new byte[2 * Overlap];
    private int _tailLength;
    private long _length;
    private long _lastHit = -SegmentRules.HitSpacingBytes;
    private long _segmentStart;

    // The one candidate that is lower than all before it and, as yet, all behind it: another of that kind within W would be lower, and this one none.
    private long _contender = None;

    internal SegmentBorders()
        : this(SegmentRules.Version1)
    {
    }

    /// <summary>Takes the next bytes of the stream, in parts of any size.</summary>
    internal void Append(ReadOnlySpan<byte> chunk)
    {
        int head = Math.Min(chunk.Length, Overlap);
        chunk[..head].CopyTo(_tail.AsSpan(_tailLength));
        int joined = _tailLength + head;
        fixed (byte* tail = _tail, bytes = chunk)
        {
            Scan(tail, joined - Overlap, _length - _tailLength);
            Scan(bytes, chunk.Length - Overlap, _length);
        }

        ReadOnlySpan<byte> last = chunk.Length >= Overlap ? chunk[^Overlap..] : _tail.AsSpan(Math.Max(0, joined - Overlap), Math.Min(joined, Overlap));
        last.CopyTo(_tail);
        _tailLength = last.Length;
        _length += chunk.Length;
        Settle(_length - _tailLength);
    }

    /// <summary>Says that the stream has ended. Nothing may be appended after that.</summary>
    internal void Complete()
    {
        Confirm();
        Force(_length);
        if (_length > _segmentStart)
        {
            Add(_length);
        }
    }

    /// <summary>Gets the end of the next segment, which is where the one after it starts; the last is the stream's end. An empty stream has none.</summary>
    internal bool TryNext(out long border) => _borders.TryDequeue(out border);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan(byte* bytes, int count, long position)
    {
        int threshold = rules.Threshold;
        for (int at = 0; (at = BorderHash.Next(bytes, at, count, threshold)) < count; at++)
        {
            long hit = position + at;
            if (hit - _lastHit >= SegmentRules.HitSpacingBytes)
            {
                Weigh(hit, BorderHash.Key(Loads.Load64(bytes + at)));
            }

            _lastHit = hit;
        }
    }

    private void Weigh(long candidate, ulong key)
    {
        Settle(candidate);
        _candidates.Expire(candidate - rules.WindowBytes);
        if (_candidates.IsEmpty || key < _candidates.Lowest)
        {
            _contender = candidate;
        }

        _candidates.Add(candidate, key);
    }

    /// <summary>Gives all borders that are certain once every position before one was looked at.</summary>
    private void Settle(long position)
    {
        if (position - _contender > rules.WindowBytes)
        {
            Confirm();
        }

        Force(_contender == None ? position : _contender);
    }

    private void Confirm()
    {
        if (_contender > 0)
        {
            Force(_contender);
            if (_contender > _segmentStart)
            {
                Add(_contender);
            }
        }

        _contender = None;
    }

    /// <summary>Cuts at the maximum as long as that is not behind <paramref name="last"/>.</summary>
    private void Force(long last)
    {
        while (last - _segmentStart >= rules.MaxSegmentBytes)
        {
            Add(_segmentStart + rules.MaxSegmentBytes);
        }
    }

    private void Add(long border)
    {
        _segmentStart = border;
        _borders.Enqueue(border);
    }
}
