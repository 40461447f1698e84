using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Writes tokens as one block of the format, in the smallest of its three forms.</summary>
internal unsafe struct BlockEmitter
{
    internal const int ScratchBytes = (Tokens.FirstIndexes + Tokens.SecondIndexes + 32) * sizeof(uint);

    private const int HeaderBits = 3;
    private const uint Stored = 0;
    private const uint Fixed = 1;
    private const uint Dynamic = 2;

    /// <summary>Writes a block that is not the last of its stream.</summary>
    /// <param name="output">Where the bits go.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="count">How many.</param>
    /// <param name="histogram">What they count to, without the end of the block.</param>
    /// <param name="input">The bytes that they stand for.</param>
    /// <param name="inputLength">How many.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes that are overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Write(ref BitOutput output, uint* tokens, int count, Histogram* histogram, byte* input, int inputLength, uint* scratch)
    {
        byte* lengths = stackalloc byte[PrefixCode.MaxSymbols + 32];
        byte* distances = lengths + PrefixCode.MaxSymbols;
        uint* counts = (uint*)histogram;
        counts[DeflateFormat.EndOfBlock] = 1;
        PrefixCode.BuildLengths(counts, DeflateFormat.LengthSymbols, DeflateFormat.MaxCodeBits, lengths);
        PrefixCode.BuildLengths(counts + Histogram.DistanceStart, DeflateFormat.DistanceSymbols, DeflateFormat.MaxCodeBits, distances);
        CodeLengthCode description = default;
        (long own, long @fixed) = Bits(counts, lengths, distances);
        own += description.Build(lengths, distances);
        long stored = StoredBits(output.PendingBits, inputLength);
        if (stored <= own && stored <= @fixed)
        {
            WriteStored(ref output, input, inputLength);
            return;
        }

        bool isFixed = @fixed <= own;
        output.Write((isFixed ? Fixed : Dynamic) << 1, HeaderBits);
        if (isFixed)
        {
            FixedLengths(lengths, distances);
        }
        else
        {
            description.Write(ref output);
        }

        ushort* codes = stackalloc ushort[PrefixCode.MaxSymbols + 32];
        ushort* distanceCodes = codes + PrefixCode.MaxSymbols;
        PrefixCode.BuildCodes(lengths, isFixed ? PrefixCode.MaxSymbols : DeflateFormat.LengthSymbols, codes);
        PrefixCode.BuildCodes(distances, isFixed ? 32 : DeflateFormat.DistanceSymbols, distanceCodes);
        uint* second = scratch + Tokens.FirstIndexes;
        FillTables(lengths, codes, distances, distanceCodes, scratch, second);
        WriteTokens(ref output, tokens, count, scratch, second);
        output.Write(codes[DeflateFormat.EndOfBlock], lengths[DeflateFormat.EndOfBlock]);
    }

    /// <summary>Writes bytes as they are, in as many blocks as that takes.</summary>
    internal static void WriteStored(ref BitOutput output, byte* input, int length)
    {
        do
        {
            int part = Math.Min(length, DeflateFormat.MaxStoredBytes);
            output.Write(Stored << 1, HeaderBits);
            output.Align();
            output.Write((uint)(part | ((~part & 0xFFFF) << 16)), 32);
            Buffer.MemoryCopy(input, output.Next, part, part);
            output.Next += part;
            input += part;
            length -= part;
        }
        while (length > 0);
    }

    private static long StoredBits(int pendingBits, int length)
    {
        int parts = Math.Max(1, (length + DeflateFormat.MaxStoredBytes - 1) / DeflateFormat.MaxStoredBytes);
        int firstPadding = (8 - ((pendingBits + HeaderBits) & 7)) & 7;
        return HeaderBits + firstPadding + (40L * parts) - 8 + (8L * length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (long Own, long Fixed) Bits(uint* counts, byte* lengths, byte* distances)
    {
        long own = HeaderBits;
        long @fixed = HeaderBits;
        long extra = 0;
        for (int i = 0; i < DeflateFormat.LengthSymbols; i++)
        {
            own += counts[i] * lengths[i];
            @fixed += counts[i] * DeflateFormat.FixedLength(i);
        }

        for (int i = 265; i < 285; i++)
        {
            extra += counts[i] * ((i - 261) >> 2);
        }

        uint* distanceCounts = counts + Histogram.DistanceStart;
        for (int i = 0; i < DeflateFormat.DistanceSymbols; i++)
        {
            own += distanceCounts[i] * distances[i];
            @fixed += distanceCounts[i] * 5;
            extra += distanceCounts[i] * DeflateFormat.DistanceExtraBits(i);
        }

        return (own + extra, @fixed + extra);
    }

    private static void FixedLengths(byte* lengths, byte* distances)
    {
        for (int i = 0; i < PrefixCode.MaxSymbols; i++)
        {
            lengths[i] = (byte)DeflateFormat.FixedLength(i);
        }

        new Span<byte>(distances, 32).Fill(5);
    }

    // An entry of the first table: the number of bits in the lower six, the bits above. Of the second: the code's bits, six higher those with the extra bits, the code above twelve.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FillTables(byte* lengths, ushort* codes, byte* distances, ushort* distanceCodes, uint* first, uint* second)
    {
        for (int i = 0; i < 256; i++)
        {
            first[i] = lengths[i] | ((uint)codes[i] << 6);
            second[Tokens.SecondLiteral + i] = lengths[i] | ((uint)lengths[i] << 6) | ((uint)codes[i] << 12);
        }

        for (int i = 0; i < 256; i++)
        {
            (int symbol, int extraBits, int extra) = DeflateFormat.Length(i);
            first[256 + i] = (uint)(lengths[symbol] + extraBits) | ((codes[symbol] | ((uint)extra << lengths[symbol])) << 6);
        }

        for (int i = 0; i < 32; i++)
        {
            uint extraBits = i < DeflateFormat.DistanceSymbols ? (uint)DeflateFormat.DistanceExtraBits(i) : 0;
            second[i] = i < DeflateFormat.DistanceSymbols ? distances[i] | ((distances[i] + extraBits) << 6) | ((uint)distanceCodes[i] << 12) : 0;
        }
    }

    /// <remarks>Two tokens go out by one store: only the shifts and the count of bits hang on what came before. A pair is at most 96 bits; the rare one above 56 takes two stores.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void WriteTokens(ref BitOutput output, uint* tokens, int count, uint* first, uint* second)
    {
        byte* next = output.Next;
        ulong pending = output.Pending;
        int bits = output.PendingBits;
        uint* end = tokens + (count & ~1);
        for (; tokens < end; tokens += 2)
        {
            uint a = tokens[0];
            uint b = tokens[1];
            uint a1 = first[a & 511];
            uint a2 = second[(a >> Tokens.SecondShift) & 511];
            uint b1 = first[b & 511];
            uint b2 = second[(b >> Tokens.SecondShift) & 511];
            ulong aBits = (a1 >> 6) | (((a2 >> 12) | ((ulong)(a >> Tokens.ExtraShift) << (int)a2)) << (int)a1);
            ulong bBits = (b1 >> 6) | (((b2 >> 12) | ((ulong)(b >> Tokens.ExtraShift) << (int)b2)) << (int)b1);
            int aCount = (int)((a1 & 63) + ((a2 >> 6) & 63));
            int bCount = (int)((b1 & 63) + ((b2 >> 6) & 63));
            pending |= aBits << bits;
            if (aCount + bCount > 56)
            {
                bits += aCount;
                Store(next, pending);
                next += bits >> 3;
                pending >>= bits & ~7;
                bits &= 7;
                pending |= bBits << bits;
                bits += bCount;
            }
            else
            {
                pending |= (bBits << aCount) << bits;
                bits += aCount + bCount;
            }

            Store(next, pending);
            next += bits >> 3;
            pending >>= bits & ~7;
            bits &= 7;
        }

        output.Next = next;
        output.Pending = pending;
        output.PendingBits = bits;
        if ((count & 1) != 0)
        {
            uint a = *tokens;
            uint a1 = first[a & 511];
            uint a2 = second[(a >> Tokens.SecondShift) & 511];
            output.Write((a1 >> 6) | (((a2 >> 12) | ((ulong)(a >> Tokens.ExtraShift) << (int)a2)) << (int)a1), (int)((a1 & 63) + ((a2 >> 6) & 63)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* at, ulong bits) =>
        Unsafe.WriteUnaligned(at, BitConverter.IsLittleEndian ? bits : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits));
}
