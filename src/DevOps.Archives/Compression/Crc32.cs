using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace DevOps.Archives.Compression;

/// <summary>The checksum at the end of a gzip member.</summary>
/// <remarks>Every checksum here is in finished form: that of no bytes is 0. Source: RFC 1952, section 8.</remarks>
internal static class Crc32
{
    internal const uint ReflectedPolynomial = 0xEDB88320;

    private const int Slices = 16;

    // Slice s, byte b: what b adds to the checksum when s bytes follow it.
    private static readonly uint[] Table = BuildTable();

    /// <summary>Gets the checksum of what <paramref name="crc"/> stands for with more bytes behind it.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        if (Crc32Folding.IsSupported && bytes.Length >= Crc32Folding.MinBytes)
        {
            return Crc32Folding.Append(crc, bytes);
        }

        return ArmCrc32.Arm64.IsSupported ? AppendArm(crc, bytes) : AppendPortable(crc, bytes);
    }

    /// <summary>Gets the checksum of two runs of bytes, one behind the other, from that of each.</summary>
    /// <remarks>Zeros behind the first run multiply its checksum by a power of x; the sum with the second is the checksum of both. Takes one multiplication for each bit set in the length.</remarks>
    internal static uint Combine(uint first, uint second, long secondLengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLengthBytes);
        return Crc32Powers.MultiplyByZeros(first, secondLengthBytes) ^ second;
    }

    internal static uint AppendPortable(uint crc, ReadOnlySpan<byte> bytes) => ~Update(~crc, bytes);

    internal static uint AppendArm(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint state = ~crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            state = ArmCrc32.Arm64.ComputeCrc32(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            state = ArmCrc32.ComputeCrc32(state, value);
        }

        return ~state;
    }

    /// <summary>Moves the register over bytes: the checksum without the inversions before and after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        ref uint table = ref MemoryMarshal.GetArrayDataReference(Table);
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            uint a = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            uint b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            uint c = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            uint d = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
            state = Word(ref table, 12, a) ^ Word(ref table, 8, b) ^ Word(ref table, 4, c) ^ Word(ref table, 0, d);
        }

        foreach (byte value in bytes)
        {
            state = (state >> 8) ^ Unsafe.Add(ref table, (byte)(state ^ value));
        }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref uint table, int bytesBehind, uint word)
    {
        ref uint slice = ref Unsafe.Add(ref table, bytesBehind << 8);
        return Unsafe.Add(ref slice, 768 + (byte)word) ^ Unsafe.Add(ref slice, 512 + (byte)(word >> 8)) ^ Unsafe.Add(ref slice, 256 + (byte)(word >> 16)) ^ Unsafe.Add(ref slice, word >> 24);
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[Slices << 8];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ (ReflectedPolynomial & (0 - (value & 1)));
            }

            table[i] = value;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint before = table[i - 256];
            table[i] = (before >> 8) ^ table[(byte)before];
        }

        return table;
    }
}
