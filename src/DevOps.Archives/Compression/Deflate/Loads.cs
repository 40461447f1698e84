using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Reads that give the same number on every processor.</summary>
internal static unsafe class Loads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Load64(byte* at)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Load32(byte* at)
    {
        uint value = Unsafe.ReadUnaligned<uint>(at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }
}
