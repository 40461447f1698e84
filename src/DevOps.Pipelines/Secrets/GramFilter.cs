using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DevOps.Pipelines;

/// <summary>Rules out quickly that a pattern begins in a stretch of text. Immutable.</summary>
/// <remarks>
/// <para>Of each pattern the first bytes, the window, are cut into all their grams, which go into a table of bits. When looks at the text are a stride apart, one of them falls on a gram of the window of any pattern that is there:
/// a look that finds nothing rules out one stride of starts at once. The longer the shortest pattern, the longer the stride, so long patterns have a filter apart from the short ones.</para>
/// <para>A gram sets two bits of one word (a blocked Bloom filter), so that a look costs one access to memory.</para>
/// </remarks>
internal sealed class GramFilter
{
    /// <summary>How many bytes must follow a place that is looked at.</summary>
    internal const int LoadBytes = 8;

    private const int MinGramBytes = 4;
    private const int LongPatternBytes = 16;
    private const int BitsOfGram = 24;
    private const int MinWordsLog2 = 10;
    private const int MaxWordsLog2 = 17;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong[] _words;
    private readonly ulong _gramMask;
    private readonly int _shift;

    private GramFilter(IReadOnlyCollection<byte[]> patterns, int window)
    {
        int gram = Math.Clamp(window / 2, Math.Min(MinGramBytes, window), LoadBytes);
        Stride = window - gram + 1;
        int other = 8 * (LoadBytes - gram);
        _gramMask = BitConverter.IsLittleEndian ? ulong.MaxValue >> other : ulong.MaxValue << other;
        HashSet<ulong> grams = [];
        foreach (byte[] pattern in patterns)
        {
            for (int i = 0; i < Stride; i++)
            {
                ulong value = 0;
                pattern.AsSpan(i, gram).CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
                grams.Add(value);
            }
        }

        int log2 = Math.Clamp(BitOperations.Log2((ulong)grams.Count * BitsOfGram / 64) + 1, MinWordsLog2, MaxWordsLog2);
        _shift = 64 - log2;
        _words = new ulong[1 << log2];
        foreach (ulong value in grams)
        {
            ulong hash = value * Multiplier;
            _words[hash >> _shift] |= (1UL << (int)(hash >> 36)) | (1UL << (int)(hash >> 42));
        }
    }

    /// <summary>Gets how many starts one look rules out: its own place and those before it.</summary>
    internal int Stride { get; }

    /// <summary>Creates the filters of some patterns: one of the short, one of the long.</summary>
    internal static GramFilter[] CreateAll(IEnumerable<byte[]> patterns) =>
    [
        .. patterns.GroupBy(pattern => pattern.Length >= LongPatternBytes)
            .OrderBy(group => group.Key)
            .Select(group => new GramFilter([.. group], Math.Min(LongPatternBytes, group.Min(pattern => pattern.Length)))),
    ];

    /// <summary>Creates the filter of the first bytes of some patterns, for <see cref="FindAtEnd"/>; none when a pattern is shorter than those.</summary>
    internal static GramFilter? CreateOfFirstBytes(IReadOnlyCollection<byte[]> patterns) =>
        patterns.All(pattern => pattern.Length >= MinGramBytes) ? new(patterns, MinGramBytes) : null;

    /// <summary>Looks at a place and at each that is a number of strides behind it, and returns the first where a gram of a pattern may be, or where fewer than <see cref="LoadBytes"/> bytes follow.</summary>
    internal int Find(ReadOnlySpan<byte> text, int place)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(text);
        ref ulong words = ref MemoryMarshal.GetArrayDataReference(_words);
        ulong gramMask = _gramMask;
        int shift = _shift;
        int stride = Stride;
        int last = text.Length - LoadBytes;
        while (place <= last)
        {
            ulong hash = (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, place)) & gramMask) * Multiplier;
            ulong word = Unsafe.Add(ref words, (nint)(hash >> shift));
            if (((word >> (int)(hash >> 36)) & (word >> (int)(hash >> 42)) & 1) != 0)
            {
                return place;
            }

            place += stride;
        }

        return place;
    }

    /// <summary>Looks at each place from one on, and returns the first where a gram of a pattern may be, or where too few bytes follow to tell. Only for the filter of first bytes.</summary>
    internal int FindAtEnd(ReadOnlySpan<byte> text, int place)
    {
        while (place <= text.Length - MinGramBytes)
        {
            ulong gram = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), place));
            if (MayHold(BitConverter.IsLittleEndian ? gram : gram << 32))
            {
                break;
            }

            place++;
        }

        return place;
    }

    private bool MayHold(ulong gram)
    {
        ulong hash = gram * Multiplier;
        ulong word = _words[hash >> _shift];
        return ((word >> (int)(hash >> 36)) & (word >> (int)(hash >> 42)) & 1) != 0;
    }
}
