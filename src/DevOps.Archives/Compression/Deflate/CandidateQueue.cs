namespace DevOps.Archives.Compression.Deflate;

/// <summary>The candidates of the last W bytes that may still be the lowest of a window: their keys rise from the oldest to the newest.</summary>
/// <remarks>
/// Real content keeps about ten. Content made to harm can keep one in every <see cref="SegmentRules.HitSpacingBytes"/>, as candidates are no closer: 5121 of 16 bytes for the rules' first version, so
/// the ring never takes more than 128 KiB.
/// </remarks>
internal sealed class CandidateQueue
{
    private (long Position, ulong Key)[] _ring = new (long Position, ulong Key)[32];
    private int _first;

    internal int Count { get; private set; }

    internal bool IsEmpty => Count == 0;

    /// <summary>Gets the lowest key.</summary>
    internal ulong Lowest => _ring[_first].Key;

    /// <summary>Removes what stands before a position.</summary>
    internal void Expire(long before)
    {
        while (Count > 0 && _ring[_first].Position < before)
        {
            _first = (_first + 1) & (_ring.Length - 1);
            Count--;
        }
    }

    /// <summary>Adds a candidate, and removes all that it outlives without being higher.</summary>
    internal void Add(long position, ulong key)
    {
        while (Count > 0 && _ring[(_first + Count - 1) & (_ring.Length - 1)].Key >= key)
        {
            Count--;
        }

        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + Count) & (_ring.Length - 1)] = (position, key);
        Count++;
    }

    private void Grow()
    {
        (long Position, ulong Key)[] larger = new (long Position, ulong Key)[2 * _ring.Length];
        _ring.AsSpan(_first).CopyTo(larger);
        _ring.AsSpan(0, _first).CopyTo(larger.AsSpan(_ring.Length - _first));
        _ring = larger;
        _first = 0;
    }
}
