using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>How often each symbol occurs in a run of tokens.</summary>
internal unsafe struct Histogram
{
    internal const int DistanceStart = 288;
    internal const int Count = DistanceStart + 32;

    private fixed uint _counts[Count];

    /// <summary>Gets the count of a length or literal symbol, or from <see cref="DistanceStart"/> on of a distance symbol.</summary>
    internal ref uint this[int symbol] => ref _counts[symbol];

    /// <summary>Counts tokens. The scratch has room for two histograms over both indexes, and is overwritten.</summary>
    /// <remarks>Neighbouring tokens are often equal: two histograms in turn keep an increment from waiting for the one before.</remarks>
    internal static void CountTokens(uint* tokens, int count, Histogram* result, uint* scratch)
    {
        uint* first = scratch;
        uint* second = first + (2 * Tokens.FirstIndexes);
        new Span<uint>(scratch, ScratchCount).Clear();
        int i = 0;
        for (; i + 1 < count; i += 2)
        {
            uint a = tokens[i];
            uint b = tokens[i + 1];
            first[a & 511]++;
            first[512 + (b & 511)]++;
            second[(a >> Tokens.SecondShift) & 511]++;
            second[512 + ((b >> Tokens.SecondShift) & 511)]++;
        }

        if (i < count)
        {
            first[tokens[i] & 511]++;
            second[(tokens[i] >> Tokens.SecondShift) & 511]++;
        }

        result->Gather(first, second);
    }

    internal const int ScratchCount = 4 * Tokens.FirstIndexes;

    private void Gather(uint* first, uint* second)
    {
        for (int i = 0; i < 256; i++)
        {
            _counts[i] = first[i] + first[512 + i] + second[Tokens.SecondLiteral + i] + second[512 + Tokens.SecondLiteral + i];
        }

        for (int i = 256; i < DistanceStart; i++)
        {
            _counts[i] = 0;
        }

        for (int i = 0; i < 256; i++)
        {
            _counts[LengthSymbol[i] + 257] += first[256 + i] + first[768 + i];
        }

        for (int i = 0; i < 32; i++)
        {
            _counts[DistanceStart + i] = i < DeflateFormat.DistanceSymbols ? second[i] + second[512 + i] : 0;
        }
    }

    private static ReadOnlySpan<byte> LengthSymbol =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15,
        16, 16, 16, 16, 16, 16, 16, 16, 17, 17, 17, 17, 17, 17, 17, 17, 18, 18, 18, 18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19,
        20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21, 21,
        22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23, 23,
        24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24,
        25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25,
        26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26,
        27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27, 28,
    ];

    /// <summary>Adds another histogram to this one.</summary>
    internal void Add(Histogram* other)
    {
        for (int i = 0; i < Count; i++)
        {
            _counts[i] += other->_counts[i];
        }
    }

    /// <summary>Takes another histogram, which was added before, out of this one.</summary>
    internal void Subtract(Histogram* other)
    {
        for (int i = 0; i < Count; i++)
        {
            _counts[i] -= other->_counts[i];
        }
    }

    /// <summary>Estimates the size of what was counted under its own ideal code, in units of 1/<see cref="BitCost.One"/> bit; extra bits are not part of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal ulong Cost()
    {
        fixed (uint* counts = _counts)
        {
            return BitCost.Of(counts, DistanceStart) + BitCost.Of(counts + DistanceStart, 32);
        }
    }
}
