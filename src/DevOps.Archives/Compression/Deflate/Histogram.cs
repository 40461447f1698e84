using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>How often each symbol occurs in a run of tokens.</summary>
internal unsafe struct Histogram
{
    internal const int DistanceStart = 288;
    internal const int Count = DistanceStart + 32;

    private fixed uint _counts[Count];

    /// <summary>Gets the count of a length or literal symbol, or from <see cref="DistanceStart"/> on of a distance symbol.</summary>
    internal ref uint this[int symbol] => ref _counts[symbol];

    /// <summary>Counts tokens. The scratch has room for <see cref="ScratchCount"/> numbers, and is overwritten.</summary>
    /// <remarks>Neighbouring tokens are often equal, and most have no second half: several histograms in turn keep an increment from waiting for the one before.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void CountTokens(uint* tokens, int count, Histogram* result, uint* scratch)
    {
        uint* first = scratch;
        uint* second = first + (2 * Indexes);
        new Span<uint>(scratch, ScratchCount).Clear();
        int i = 0;
        for (; i + 3 < count; i += 4)
        {
            uint a = tokens[i];
            uint b = tokens[i + 1];
            uint c = tokens[i + 2];
            uint d = tokens[i + 3];
            first[a & (Indexes - 1)]++;
            first[Indexes + (b & (Indexes - 1))]++;
            second[(a >> Tokens.SecondShift) & (Indexes - 1)]++;
            second[Indexes + ((b >> Tokens.SecondShift) & (Indexes - 1))]++;
            first[c & (Indexes - 1)]++;
            first[Indexes + (d & (Indexes - 1))]++;
            second[(2 * Indexes) + ((c >> Tokens.SecondShift) & (Indexes - 1))]++;
            second[(3 * Indexes) + ((d >> Tokens.SecondShift) & (Indexes - 1))]++;
        }

        for (; i < count; i++)
        {
            first[tokens[i] & (Indexes - 1)]++;
            second[(tokens[i] >> Tokens.SecondShift) & (Indexes - 1)]++;
        }

        result->Gather(first, second);
    }

    internal const int ScratchCount = 6 * Indexes;

    private const int Indexes = Tokens.FirstIndexes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(uint* first, uint* second)
    {
        fixed (uint* counts = _counts)
        {
            for (int i = 0; i < 256; i += Vector256<uint>.Count)
            {
                (Sum(first + i, 2) + Sum(second + Tokens.SecondLiteral + i, 4)).Store(counts + i);
            }

            for (int i = 256; i < DistanceStart; i += Vector256<uint>.Count)
            {
                Vector256<uint>.Zero.Store(counts + i);
            }

            for (int i = 0; i < 32; i += Vector256<uint>.Count)
            {
                Sum(second + i, 4).Store(counts + DistanceStart + i);
            }

            counts[DistanceStart + (int)Tokens.NoSecond] = 0;
            for (int i = 0; i < 256; i++)
            {
                counts[LengthSymbol[i] + 257] += first[256 + i] + first[Indexes + 256 + i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Sum(uint* counts, int histograms)
    {
        Vector256<uint> sum = Vector256.Load(counts) + Vector256.Load(counts + Indexes);
        return histograms == 2 ? sum : sum + Vector256.Load(counts + (2 * Indexes)) + Vector256.Load(counts + (3 * Indexes));
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(Histogram* other)
    {
        fixed (uint* counts = _counts)
        {
            for (int i = 0; i < Count; i += Vector256<uint>.Count)
            {
                (Vector256.Load(counts + i) + Vector256.Load(other->_counts + i)).Store(counts + i);
            }
        }
    }

    /// <summary>Takes another histogram, which was added before, out of this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Subtract(Histogram* other)
    {
        fixed (uint* counts = _counts)
        {
            for (int i = 0; i < Count; i += Vector256<uint>.Count)
            {
                (Vector256.Load(counts + i) - Vector256.Load(other->_counts + i)).Store(counts + i);
            }
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
