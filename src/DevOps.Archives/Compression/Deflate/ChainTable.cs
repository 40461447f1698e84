using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DevOps.Archives.Compression.Deflate;

internal static unsafe class ChainTable
{
    internal const int Bytes = sizeof(ushort) * (Heads + ShortHeads + DeflateFormat.WindowBytes);
    internal const int TailBytes = 48;

    private const int HeadBits = 15;
    private const int ShortHeadBits = 13;
    private const int Heads = 1 << HeadBits;
    private const int ShortHeads = 1 << ShortHeadBits;
    private const uint WindowMask = DeflateFormat.WindowBytes - 1;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static uint Longest(byte* input, int at, int most, ushort* table, uint best, int depth)
    {
        byte* here = input + at;
        uint start = Loads.Load32(here);
        ushort* slot = table + Hash(start);
        uint candidate = *slot;
        *slot = (ushort)at;
        ushort* prev = table + Heads + ShortHeads;
        prev[(uint)at & WindowMask] = (ushort)candidate;
        slot = table + Heads + ShortHash(start);
        uint distance = (ushort)((uint)at - *slot);
        *slot = (ushort)at;
        uint found = 0;
        if (best < 3)
        {
            if (distance - 1 < DeflateFormat.WindowBytes && (Loads.Load32(here - distance) ^ start) << 8 == 0)
            {
                found = (3 << 16) | distance;
            }

            best = 3;
        }

        distance = (ushort)((uint)at - candidate);
        if (distance - 1 >= DeflateFormat.WindowBytes)
        {
            return found;
        }

        uint end = Unsafe.ReadUnaligned<uint>(here + best - 3);
        byte* there = here - distance;
        while (true)
        {
            if (Unsafe.ReadUnaligned<uint>(there + best - 3) == end && Unsafe.ReadUnaligned<uint>(there) == Unsafe.ReadUnaligned<uint>(here))
            {
                uint equal = Vector256.Equals(Vector256.Load(here), Vector256.Load(there)).ExtractMostSignificantBits();
                uint matched = (uint)BitOperations.TrailingZeroCount(equal + 1);
                if (matched == 32)
                {
                    while (true)
                    {
                        ulong other = Loads.Load64(here + matched) ^ Loads.Load64(there + matched);
                        if (other != 0)
                        {
                            matched += (uint)BitOperations.TrailingZeroCount(other) >> 3;
                            break;
                        }

                        matched += 8;
                        if (matched >= (uint)most)
                        {
                            break;
                        }
                    }
                    if (matched > (uint)most) { matched = (uint)most; }
                }

                if (matched > best)
                {
                    best = matched;
                    found = (matched << 16) | (uint)(here - there);
                    if (matched >= Nice)
                    {
                        break;
                    }

                    end = Unsafe.ReadUnaligned<uint>(here + best - 3);
                }
            }

            if (--depth <= 0)
            {
                break;
            }

            uint cur = (uint)(there - input);
            uint step = (ushort)(cur - prev[cur & WindowMask]);
            distance += step;
            if (step == 0 || distance > DeflateFormat.WindowBytes)
            {
                break;
            }
            there -= step;
        }

        return found;
    }

    internal const uint Nice = 130;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Insert(byte* input, int at, int end, ushort* table)
    {
        for (; at < end; at++)
        {
            uint start = Loads.Load32(input + at);
            ushort* slot = table + Hash(start);
            table[Heads + ShortHeads + (uint)(at & WindowMask)] = *slot;
            *slot = (ushort)at;
            table[Heads + ShortHash(start)] = (ushort)at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint value) => (value * 0x9E3779B1u) >> (32 - HeadBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ShortHash(uint value) => ((value << 8) * 0x9E3779B1u) >> (32 - ShortHeadBits);
}
