using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DevOps.Archives.Compression;

/// <summary>The checksum by carry-less multiplication: a block is multiplied by the power of x that stands for its distance and added to a later block, until one block of 16 bytes is left.</summary>
/// <remarks>
/// The polynomial stays reflected. A factor is that of x^(d + 32) for a block's first eight bytes and x^(d - 32) for its last, d being the distance in bits, each shifted left by one to make up for
/// the bit that a product of reflected numbers lacks. What is left goes through the table: that costs as much as Barrett's reduction and needs no further constants.
/// Source: Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", 2009.
/// </remarks>
internal static unsafe class Crc32Folding
{
    internal const int MinBytes = 64;

    internal const int MinWideBytes = 256;

    internal static bool IsSupported => Pclmulqdq.IsSupported;

    internal static bool IsWideSupported => Pclmulqdq.V512.IsSupported;

    private static Vector128<ulong> By128 => Vector128.Create(0x1751997D0UL, 0x0CCAA009EUL);

    private static Vector128<ulong> By512 => Vector128.Create(0x154442BD4UL, 0x1C6E41596UL);

    private static Vector128<ulong> By2048 => Vector128.Create(0x11542778AUL, 0x1322D1430UL);

    /// <summary>Appends at least <see cref="MinBytes"/>.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes) =>
        IsWideSupported && bytes.Length >= MinWideBytes ? AppendWide(crc, bytes) : AppendNarrow(crc, bytes);

    /// <summary>Appends at least <see cref="MinBytes"/>, in blocks of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint AppendNarrow(uint crc, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, MinBytes);
        fixed (byte* start = bytes)
        {
            byte* at = start;
            byte* end = start + bytes.Length;
            Vector128<ulong> a = Load128(at) ^ Vector128.CreateScalar((ulong)~crc);
            Vector128<ulong> b = Load128(at + 16);
            Vector128<ulong> c = Load128(at + 32);
            Vector128<ulong> d = Load128(at + 48);
            for (at += 64; end - at >= 64; at += 64)
            {
                a = Fold(a, By512) ^ Load128(at);
                b = Fold(b, By512) ^ Load128(at + 16);
                c = Fold(c, By512) ^ Load128(at + 32);
                d = Fold(d, By512) ^ Load128(at + 48);
            }

            return Finish(Join(a, b, c, d), at, end);
        }
    }

    /// <summary>Appends at least <see cref="MinWideBytes"/>, in blocks of 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint AppendWide(uint crc, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, MinWideBytes);
        fixed (byte* start = bytes)
        {
            byte* at = start;
            byte* end = start + bytes.Length;
            Vector512<ulong> by2048 = Vector512.Create(Vector256.Create(By2048, By2048), Vector256.Create(By2048, By2048));
            Vector512<ulong> by512 = Vector512.Create(Vector256.Create(By512, By512), Vector256.Create(By512, By512));
            Vector512<ulong> a = Load512(at) ^ Vector512.CreateScalar((ulong)~crc);
            Vector512<ulong> b = Load512(at + 64);
            Vector512<ulong> c = Load512(at + 128);
            Vector512<ulong> d = Load512(at + 192);
            for (at += 256; end - at >= 256; at += 256)
            {
                a = Fold(a, by2048) ^ Load512(at);
                b = Fold(b, by2048) ^ Load512(at + 64);
                c = Fold(c, by2048) ^ Load512(at + 128);
                d = Fold(d, by2048) ^ Load512(at + 192);
            }

            b ^= Fold(a, by512);
            c ^= Fold(b, by512);
            d ^= Fold(c, by512);
            for (; end - at >= 64; at += 64)
            {
                d = Fold(d, by512) ^ Load512(at);
            }

            Vector256<ulong> first = d.GetLower();
            Vector256<ulong> last = d.GetUpper();
            return Finish(Join(first.GetLower(), first.GetUpper(), last.GetLower(), last.GetUpper()), at, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Join(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c, Vector128<ulong> d)
    {
        b ^= Fold(a, By128);
        c ^= Fold(b, By128);
        return d ^ Fold(c, By128);
    }

    private static uint Finish(Vector128<ulong> block, byte* at, byte* end)
    {
        for (; end - at >= 16; at += 16)
        {
            block = Fold(block, By128) ^ Load128(at);
        }

        uint state = Crc32.Update(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(in block)));
        return ~Crc32.Update(state, new ReadOnlySpan<byte>(at, (int)(end - at)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> block, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, by, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> blocks, Vector512<ulong> by) =>
        Pclmulqdq.V512.CarrylessMultiply(blocks, by, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(blocks, by, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load128(byte* at) => Vector128.Load((ulong*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load512(byte* at) => Vector512.Load((ulong*)at);
}
