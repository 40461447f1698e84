using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>The last position of every hash, and for every position of the window the one before it of the same hash; beside them the last position of every three bytes.</summary>
/// <remarks>
/// Positions are their lower 16 bits: twice the window, so that what a chain holds of positions before the window is seen as too far away. What is older still looks like some place in the window,
/// which costs a comparison. A cleared table means position 0, which is why the first byte is never searched.
/// </remarks>
internal static unsafe class ChainTable
{
    internal const int Bytes = sizeof(ushort) * (Heads + ShortHeads + DeflateFormat.WindowBytes);

    /// <summary>A match of so many bytes ends the search for a longer one.</summary>
    internal const uint NiceLength = 130;

    /// <summary>How many bytes from a position on have to be input for it to be searched.</summary>
    internal const int LookBytes = 32;

    /// <summary>A match is one word: its length from this bit on, its distance below.</summary>
    internal const int LengthShift = 16;

    private const int HeadBits = 15;
    private const int ShortHeadBits = 13;
    private const int Heads = 1 << HeadBits;
    private const int ShortHeads = 1 << ShortHeadBits;
    private const uint WindowMask = DeflateFormat.WindowBytes - 1;

    /// <summary>Puts a position into the table, and finds the longest match there, of those the nearest.</summary>
    /// <param name="table">The table.</param>
    /// <param name="input">The bytes.</param>
    /// <param name="at">The position.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="best">The match has to be longer than so many bytes.</param>
    /// <param name="depth">How many candidates are compared at most.</param>
    /// <returns>The match, or 0.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static uint Longest(ushort* table, byte* input, int at, int length, uint best, int depth)
    {
        byte* here = input + at;
        uint most = (uint)Math.Min(DeflateFormat.MaxMatch, length - at);
        uint start = Loads.Load32(here);
        ushort* head = table + Hash(start);
        uint candidate = *head;
        *head = (ushort)at;
        ushort* previous = table + Heads + ShortHeads;
        previous[(uint)at & WindowMask] = (ushort)candidate;
        head = table + Heads + ShortHash(start);
        uint distance = (ushort)((uint)at - *head);
        *head = (ushort)at;
        uint found = 0;
        if (best < DeflateFormat.MinMatch)
        {
            if (distance - 1 < DeflateFormat.WindowBytes && (Loads.Load32(here - distance) ^ start) << 8 == 0)
            {
                found = (DeflateFormat.MinMatch << LengthShift) | distance;
            }

            best = DeflateFormat.MinMatch;
        }

        // What is longer than the best has the same four bytes where the best ends.
        uint end = Unsafe.ReadUnaligned<uint>(here + best - 3);
        uint last = 0;
        do
        {
            distance = (ushort)((uint)at - candidate);
            if (distance <= last || distance > DeflateFormat.WindowBytes)
            {
                break;
            }

            last = distance;
            candidate = previous[candidate & WindowMask];
            byte* there = here - distance;
            if (Unsafe.ReadUnaligned<uint>(there + best - 3) == end)
            {
                uint matched = Length(here, there, most);
                if (matched > best)
                {
                    best = matched;
                    found = (matched << LengthShift) | distance;
                    if (matched >= NiceLength)
                    {
                        break;
                    }

                    end = Unsafe.ReadUnaligned<uint>(here + best - 3);
                }
            }
        }
        while (--depth > 0);

        return found;
    }

    /// <summary>Puts positions into the table.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Insert(ushort* table, byte* input, int from, int end)
    {
        for (uint at = (uint)from; at < (uint)end; at++)
        {
            uint start = Loads.Load32(input + at);
            ushort* head = table + Hash(start);
            table[Heads + ShortHeads + (at & WindowMask)] = *head;
            *head = (ushort)at;
            table[Heads + ShortHash(start)] = (ushort)at;
        }
    }

    // Eight bytes at a time may look behind the end of the input, up to seven bytes; what they find there is cut off.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Length(byte* here, byte* there, uint most)
    {
        uint equal = Vector256.Equals(Vector256.Load(here), Vector256.Load(there)).ExtractMostSignificantBits();
        uint matched = (uint)BitOperations.TrailingZeroCount(equal + 1);
        while (matched >= LookBytes && matched < most)
        {
            ulong other = Loads.Load64(here + matched) ^ Loads.Load64(there + matched);
            if (other != 0)
            {
                matched += (uint)BitOperations.TrailingZeroCount(other) >> 3;
                break;
            }

            matched += 8;
        }

        return matched > most ? most : matched;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint value) => (value * 0x9E3779B1u) >> (32 - HeadBits);

    // Of the first three bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ShortHash(uint value) => ((value << 8) * 0x9E3779B1u) >> (32 - ShortHeadBits);
}
