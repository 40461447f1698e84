using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Finds matches among the last four positions of each hash, and takes a match that begins a byte later where that is the better one.</summary>
/// <remarks>
/// A bucket is one word, the latest position lowest: one load and one store keep it. All four are compared at once without a branch: which of them is best is the one thing here that no processor
/// foresees. Distances are made of positions by arithmetic that always gives a place inside the window, as <see cref="FastFinder"/> does.
/// </remarks>
internal static unsafe class BucketFinder
{
    internal const int TableBits = 13;
    internal const int TableBytes = sizeof(ulong) << TableBits;

    // Behind this distance from the end nothing is searched, so that no load sees a byte of another buffer.
    private const int TailBytes = 48;

    // After this many bytes without a match, as a power of two, some are passed without a look.
    private const int SkipShift = 7;

    // At most so many of a match's last bytes can begin a later match.
    private const int InsertBytes = 16;

    // A candidate's key: how many bytes are equal, up to 32, above the place in the window. So of two that are as long the greater one is nearer.
    private const int LengthShift = 15;
    private const uint PlaceMask = (1u << LengthShift) - 1;
    private const uint CompareBytes = 32;
    private const uint MinKey = 4u << LengthShift;

    /// <summary>Appends tokens until there is no room for more, the input ends, or nothing was found for <see cref="RawRuns.TryAfterBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static int Find(byte* input, int length, ref FinderState state, ulong* table, uint* tokens, int capacity)
    {
        int limit = length - TailBytes;
        int at = state.Position;
        int lastMatch = at - state.Misses;
        uint* next = tokens;
        uint* full = tokens + capacity - 4;
        if (at == 0 && length > 0)
        {
            *next++ = Tokens.Literal(*input);
            at = 1;
        }

        while (at < limit && next < full)
        {
            uint found = Best(input, at, table);
            uint later = Best(input, at + 1, table);
            if ((found | later) < MinKey)
            {
                *next++ = Tokens.LiteralPair(Loads.Load32(input + at));
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

            if (found < MinKey)
            {
                *next++ = Tokens.Literal(input[at]);
                at++;
                found = later;
                later = Best(input, at + 1, table);
            }

            while (later > found && Gain(found, later) > 2 && at + 1 < limit && next < full)
            {
                *next++ = Tokens.Literal(input[at]);
                at++;
                found = later;
                later = Best(input, at + 1, table);
            }

            uint matched = found >> LengthShift;
            if (matched == CompareBytes)
            {
                matched = Extend(input + at, Distance(found), (uint)Math.Min(DeflateFormat.MaxMatch, length - at));
            }

            *next++ = Tokens.Match(matched, Distance(found));

            // Two at a time, where the first two were searched for already.
            int end = at + (int)matched;
            int inserted = Math.Max(at + 2 + (int)(matched & 1), end - InsertBytes);
            do
            {
                Insert(input, inserted, table);
                Insert(input, inserted + 1, table);
                inserted += 2;
            }
            while (inserted < end);

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

    /// <summary>Weighs a match against the one that begins a byte before, in quarters of a literal: by how much it is longer, less the bits that its distance takes more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Gain(uint found, uint later) =>
        (4 * ((int)(later >> LengthShift) - (int)(found >> LengthShift))) + BitOperations.LeadingZeroCount(Distance(later)) - BitOperations.LeadingZeroCount(Distance(found));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Distance(uint key) => DeflateFormat.WindowBytes - (key & PlaceMask);

    /// <summary>Gets the greatest key of the bucket that a position belongs to, and puts the position into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Best(byte* input, int at, ulong* table)
    {
        Vector256<byte> here = Vector256.Load(input + at);
        ulong* bucket = table + Hash(Loads.Load32(input + at));
        ulong candidates = *bucket;
        *bucket = (candidates << 16) | (ushort)at;
        byte* window = input + at - DeflateFormat.WindowBytes;
        uint first = Max(Key(here, window, (uint)candidates - (uint)at), Key(here, window, (uint)(candidates >> 16) - (uint)at));
        uint second = Max(Key(here, window, (uint)(candidates >> 32) - (uint)at), Key(here, window, (uint)(candidates >> 48) - (uint)at));
        return Max(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(Vector256<byte> here, byte* window, uint place)
    {
        place &= PlaceMask;
        uint equal = Vector256.Equals(here, Vector256.Load(window + place)).ExtractMostSignificantBits();
        return ((uint)BitOperations.TrailingZeroCount(equal + 1) << LengthShift) | place;
    }

    // In a loop the compiler would make a branch of anything that looks like a choice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Max(uint a, uint b)
    {
        int difference = (int)(a - b);
        return a - (uint)(difference & (difference >> 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Extend(byte* here, uint distance, uint most)
    {
        byte* there = here - distance;
        uint matched = CompareBytes;
        while (matched + CompareBytes <= most)
        {
            uint equal = Vector256.Equals(Vector256.Load(here + matched), Vector256.Load(there + matched)).ExtractMostSignificantBits();
            uint more = (uint)BitOperations.TrailingZeroCount(equal + 1);
            matched += more;
            if (more != CompareBytes)
            {
                break;
            }
        }

        return matched == 256 && most == DeflateFormat.MaxMatch && *(ushort*)(here + 256) == *(ushort*)(there + 256) ? DeflateFormat.MaxMatch : matched;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Insert(byte* input, int at, ulong* table)
    {
        ulong* bucket = table + Hash(Loads.Load32(input + at));
        *bucket = (*bucket << 16) | (ushort)at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint value) => (value * 0x9E3779B1u) >> (32 - TableBits);
}
