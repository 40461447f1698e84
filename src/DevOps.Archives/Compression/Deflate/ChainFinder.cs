using System.Numerics;
using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

internal static unsafe class ChainFinder
{
    private const int Depth = 30;
    private const int SkipShift = 9;
    private const uint MaxShortDistance = 4096;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static int Find(byte* input, int length, ref FinderState state, ushort* table, uint* tokens, int capacity)
    {
        int limit = length - ChainTable.TailBytes;
        int at = state.Position;
        int lastMatch = at - state.Misses;
        uint* next = tokens;
        uint* full = tokens + capacity - 8;
        if (at == 0 && length > 0)
        {
            *next++ = Tokens.Literal(*input);
            at = 1;
        }

        while (at < limit && next < full)
        {
            uint found = ChainTable.Longest(input, at, Math.Min(length - at, 258), table, 2, Depth);
            if (found < (4 << 16) && (found == 0 || (ushort)found > MaxShortDistance))
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
            while (at + 3 < limit && next < full && found < ChainTable.Nice << 16)
            {
                uint later = inserted > at + 1 ? 0 : ChainTable.Longest(input, at + 1, Math.Min(length - at - 1, 258), table, (found >> 16) - 1, Depth / 2);
                if (later != 0 && (4 * (int)((later >> 16) - (found >> 16))) + BitOperations.Log2((ushort)found) - BitOperations.Log2((ushort)later) > 2)
                {
                    *next++ = Tokens.Literal(input[at]);
                    at++;
                    inserted = at + 1;
                    found = later;
                    continue;
                }

                inserted = at + 2;
                later = ChainTable.Longest(input, at + 2, Math.Min(length - at - 2, 258), table, (found >> 16) - 1, Depth / 4);
                inserted = at + 3;
                if (later != 0 && (4 * (int)((later >> 16) - (found >> 16))) + BitOperations.Log2((ushort)found) - BitOperations.Log2((ushort)later) > 6)
                {
                    *next++ = Tokens.LiteralPair(*(ushort*)(input + at));
                    at += 2;
                    inserted = at + 1;
                    found = later;
                    continue;
                }

                break;
            }

            *next++ = Tokens.Match(found >> 16, (ushort)found);
            int end = at + (int)(found >> 16);
            ChainTable.Insert(input, inserted, Math.Min(end, limit), table);
            at = end;
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
}
