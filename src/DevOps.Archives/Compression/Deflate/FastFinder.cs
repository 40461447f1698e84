using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Finds matches by one probe of one table, two positions in a step.</summary>
/// <remarks>
/// The table holds the lower 16 bits of the last position of each hash. A distance is made of them by arithmetic that always gives a place inside the window, so a stale or foreign entry costs a
/// comparison and no check. A cleared table means position 0, which is why the first byte is never searched.
/// </remarks>
internal static unsafe class FastFinder
{
    internal const int TableBits = 13;
    internal const int TableBytes = sizeof(ushort) << TableBits;

    private const int HashBytes = 5;
    private const ulong Mask = (1UL << (8 * HashBytes)) - 1;

    // Behind this distance from the end nothing is searched, so that no load sees a byte of another buffer.
    private const int TailBytes = 40;

    // After this many bytes without a match, as a power of two, some are passed without a look.
    private const int SkipShift = 6;

    /// <summary>Appends tokens until there is no room for more, the input ends, or nothing was found for <see cref="RawRuns.TryAfterBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static int Find(byte* input, int length, ref FinderState state, ushort* table, uint* tokens, int capacity)
    {
        int limit = length - TailBytes;
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
            ulong value = Loads.Load64(input + at);
            uint hash = Hash(value);
            uint distance = ((uint)at - table[hash] - 1) & 0x7FFF;
            table[hash] = (ushort)at;
            hash = Hash(value >> 8);
            uint secondDistance = ((uint)at - table[hash]) & 0x7FFF;
            table[hash] = (ushort)(at + 1);
            if (((Loads.Load64(input + at - 1 - distance) ^ value) & Mask) != 0)
            {
                if (((Loads.Load64(input + at - secondDistance) ^ Loads.Load64(input + at + 1)) & Mask) != 0)
                {
                    *next++ = Tokens.LiteralPair((uint)value);
                    at += 2;
                    if (at - lastMatch >= 1 << SkipShift)
                    {
                        int skip = Math.Min((at - lastMatch) >> SkipShift, 64);
                        while (skip-- > 0 && at < limit && next < full)
                        {
                            *next++ = Tokens.LiteralPair(Loads.Load32(input + at));
                            at += 2;
                        }

                        if (at - lastMatch >= RawRuns.TryAfterBytes)
                        {
                            break;
                        }
                    }

                    continue;
                }

                *next++ = Tokens.Literal((uint)value & 0xFF);
                at++;
                distance = secondDistance;
            }

            byte* here = input + at;
            byte* there = here - 1 - distance;
            int matched = BitOperations.TrailingZeroCount(~Vector256.Equals(Vector256.Load(here), Vector256.Load(there)).ExtractMostSignificantBits());
            if (matched == 32)
            {
                int most = Math.Min(DeflateFormat.MaxMatch, limit + TailBytes - at);
                while (matched + 32 <= most)
                {
                    int more = BitOperations.TrailingZeroCount(~Vector256.Equals(Vector256.Load(here + matched), Vector256.Load(there + matched)).ExtractMostSignificantBits());
                    matched += more;
                    if (more != 32)
                    {
                        break;
                    }
                }

                if (matched == 256 && most == DeflateFormat.MaxMatch && *(ushort*)(here + 256) == *(ushort*)(there + 256))
                {
                    matched = 258;
                }
            }

            *next++ = Tokens.Match((uint)matched, distance + 1);
            table[Hash(Loads.Load64(here + 2))] = (ushort)(at + 2);
            at += matched;
            lastMatch = at;
            table[Hash(Loads.Load64(here + matched - 1))] = (ushort)(at - 1);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ulong value) => (uint)(((value << (64 - (8 * HashBytes))) * 0x9E3779B185EBCA87UL) >> (64 - TableBits));
}
