using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Finds the positions whose next eight bytes hash to a high number.</summary>
/// <remarks>
/// The hash is the first four bytes times one factor plus the last four times another, as a signed number. High and not low, because zeros hash to zero whatever the factors; signed, because every
/// processor compares so in one step. No eight bytes that repeat one or two are a hit at one in 4096: the factors were searched for that.
/// </remarks>
internal static unsafe class BorderHash
{
    /// <summary>How many bytes the hash of a position takes.</summary>
    internal const int WindowBytes = 8;

    internal const int First = unchecked((int)0xA70FA9C1);
    internal const int Last = unchecked((int)0xCF8682F9);

    /// <summary>Orders candidates. Equal for equal bytes only, as each step can be undone.</summary>
    internal static ulong Key(ulong bytes)
    {
        ulong mixed = (bytes ^ (bytes >> 32)) * 0x9E3779B97F4A7C15;
        return (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
    }

    /// <summary>Gets the first hit from a position on, or <paramref name="end"/> if there is none before it.</summary>
    /// <param name="bytes">The bytes; there are at least seven from <paramref name="end"/> on.</param>
    /// <param name="at">The first position to look at.</param>
    /// <param name="end">The end of the positions to look at.</param>
    /// <param name="threshold">The highest hash that is no hit.</param>
    internal static int Next(byte* bytes, int at, int end, int threshold)
    {
        if (!BitConverter.IsLittleEndian)
        {
            return NextScalar(bytes, at, end, threshold);
        }

        return Vector256.IsHardwareAccelerated ? Next256(bytes, at, end, threshold)
            : Vector128.IsHardwareAccelerated ? Next128(bytes, at, end, threshold)
            : NextScalar(bytes, at, end, threshold);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int NextScalar(byte* bytes, int at, int end, int threshold)
    {
        for (; at < end; at++)
        {
            int hash = ((int)Loads.Load32(bytes + at) * First) + ((int)Loads.Load32(bytes + at + 4) * Last);
            if (hash > threshold)
            {
                break;
            }
        }

        return at;
    }

    // A lane is every fourth position: four vectors, each a byte further, hold all of them. Twice the width was a third faster from the cache and half as fast from memory: this one is steady.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Next256(byte* bytes, int at, int end, int threshold)
    {
        Vector256<int> above = Vector256.Create(threshold);
        for (; end - at >= 32; at += 32)
        {
            Vector256<int> a = Hash256(bytes + at);
            Vector256<int> b = Hash256(bytes + at + 1);
            Vector256<int> c = Hash256(bytes + at + 2);
            Vector256<int> d = Hash256(bytes + at + 3);
            if (Vector256.GreaterThanAny(Vector256.Max(Vector256.Max(a, b), Vector256.Max(c, d)), above))
            {
                return at + FirstOf(Bits(a, above), Bits(b, above), Bits(c, above), Bits(d, above));
            }
        }

        return NextScalar(bytes, at, end, threshold);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Next128(byte* bytes, int at, int end, int threshold)
    {
        Vector128<int> above = Vector128.Create(threshold);
        for (; end - at >= 16; at += 16)
        {
            Vector128<int> a = Hash128(bytes + at);
            Vector128<int> b = Hash128(bytes + at + 1);
            Vector128<int> c = Hash128(bytes + at + 2);
            Vector128<int> d = Hash128(bytes + at + 3);
            if (Vector128.GreaterThanAny(Vector128.Max(Vector128.Max(a, b), Vector128.Max(c, d)), above))
            {
                return at + FirstOf(Bits(a, above), Bits(b, above), Bits(c, above), Bits(d, above));
            }
        }

        return NextScalar(bytes, at, end, threshold);
    }

    // Bit n of the first stands for position 4 n, of the second for 4 n + 1, and so on.
    private static int FirstOf(uint a, uint b, uint c, uint d)
    {
        int lane = BitOperations.TrailingZeroCount(a | b | c | d);
        uint among = ((a >> lane) & 1) | (((b >> lane) & 1) << 1) | (((c >> lane) & 1) << 2) | (((d >> lane) & 1) << 3);
        return (4 * lane) + BitOperations.TrailingZeroCount(among);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Hash256(byte* at) => (Vector256.Load((int*)at) * First) + (Vector256.Load((int*)(at + 4)) * Last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Hash128(byte* at) => (Vector128.Load((int*)at) * First) + (Vector128.Load((int*)(at + 4)) * Last);

    private static uint Bits(Vector256<int> hashes, Vector256<int> above) => Vector256.GreaterThan(hashes, above).ExtractMostSignificantBits();

    private static uint Bits(Vector128<int> hashes, Vector128<int> above) => Vector128.GreaterThan(hashes, above).ExtractMostSignificantBits();
}
