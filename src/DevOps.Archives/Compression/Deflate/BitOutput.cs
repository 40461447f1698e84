using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Packs bits, lowest first. Stores eight bytes at a time: the output needs that much room behind its end.</summary>
internal unsafe struct BitOutput(byte* output)
{
    internal byte* Next = output;
    internal ulong Pending;
    internal int PendingBits;

    /// <summary>Appends up to 48 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(ulong bits, int count)
    {
        Pending |= bits << PendingBits;
        PendingBits += count;
        Unsafe.WriteUnaligned(Next, BitConverter.IsLittleEndian ? Pending : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Pending));
        Next += PendingBits >> 3;
        Pending >>= PendingBits & ~7;
        PendingBits &= 7;
    }

    /// <summary>Fills the last byte with zeros.</summary>
    internal void Align()
    {
        if (PendingBits != 0)
        {
            *Next++ = (byte)Pending;
            Pending = 0;
            PendingBits = 0;
        }
    }
}
