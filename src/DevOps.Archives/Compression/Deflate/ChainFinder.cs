using System.Numerics;
using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Finds the longest matches, down to three bytes, and takes one that begins a byte later where that is the better one.</summary>
/// <remarks>A second byte of delay was tried: the time it takes makes segments smaller when it is spent on deeper searches.</remarks>
internal static unsafe class ChainFinder
{
    private const int Depth = 48;
    private const int LaterDepth = Depth / 2;

    // Three literals are cheaper than three bytes from farther away.
    private const uint MaxShortDistance = 4096;

    /// <summary>Appends tokens until there is no room for more, the input ends, or nothing was found for <see cref="RawRuns.TryAfterBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static int Find(byte* input, int length, ref FinderState state, ushort* table, uint* tokens, int capacity)
    {
        int limit = length - ChainTable.LookBytes;
        int at = state.Position;
        int lastMatch = at - state.Misses;
        uint* next = tokens;
        uint* full = tokens + capacity - 2;
        if (at == 0 && length > 0)
        {
            *next++ = Tokens.Literal(*input);
            at = 1;
        }

        while (at < limit && next < full)
        {
            uint found = ChainTable.Longest(table, input, at, length, DeflateFormat.MinMatch - 1, Depth);
            if (found >> ChainTable.LengthShift <= DeflateFormat.MinMatch && (found == 0 || (ushort)found > MaxShortDistance))
            {
                *next++ = Tokens.Literal(input[at]);
                at++;
                if (at - lastMatch >= RawRuns.TryAfterBytes)
                {
                    break;
                }

                continue;
            }

            int inserted = at + 1;
            while (found >> ChainTable.LengthShift < ChainTable.NiceLength && inserted < limit && next < full)
            {
                uint later = ChainTable.Longest(table, input, inserted, length, (found >> ChainTable.LengthShift) - 1, LaterDepth);
                inserted++;
                if (later == 0 || Gain(found, later) <= 2)
                {
                    break;
                }

                *next++ = Tokens.Literal(input[at]);
                at++;
                found = later;
            }

            *next++ = Tokens.Match(found >> ChainTable.LengthShift, (ushort)found);
            at += (int)(found >> ChainTable.LengthShift);
            ChainTable.Insert(table, input, inserted, Math.Min(at, limit));
            lastMatch = at;
        }

        if (at >= limit)
        {
            while (at < length && next < tokens + capacity)
            {
                *next++ = Tokens.Literal(input[at++]);
            }
        }

        state.Position = at;
        state.Misses = at - lastMatch;
        return (int)(next - tokens);
    }

    /// <summary>Weighs a match against the one that begins a byte before, in quarters of a literal: by how much it is longer, less the bits that its distance takes more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Gain(uint found, uint later) =>
        (4 * ((int)(later >> ChainTable.LengthShift) - (int)(found >> ChainTable.LengthShift))) + BitOperations.Log2((ushort)found) - BitOperations.Log2((ushort)later);
}
