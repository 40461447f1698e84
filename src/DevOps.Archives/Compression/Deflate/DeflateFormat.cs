using System.Numerics;
using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>The numbers of the format.</summary>
/// <remarks>Source: RFC 1951, sections 3.2.3 to 3.2.7.</remarks>
internal static class DeflateFormat
{
    internal const int MaxMatch = 258;
    internal const int MinMatch = 3;
    internal const int WindowBytes = 32768;
    internal const int EndOfBlock = 256;
    internal const int LengthSymbols = 286;
    internal const int DistanceSymbols = 30;
    internal const int MaxCodeBits = 15;
    internal const int MaxStoredBytes = 65535;

    /// <summary>The code lengths of the fixed code: 8, 9, 7 and 8 bits.</summary>
    internal static int FixedLength(int symbol) => symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;

    /// <summary>Gets the symbol, 257 to 285, and the extra bits of a match's length less 3.</summary>
    internal static (int Symbol, int ExtraBits, int Extra) Length(int lengthLess3)
    {
        if (lengthLess3 == MaxMatch - MinMatch)
        {
            return (285, 0, 0);
        }

        if (lengthLess3 < 4)
        {
            return (257 + lengthLess3, 0, 0);
        }

        int extraBits = BitOperations.Log2((uint)lengthLess3) - 2;
        return (257 + (4 * extraBits) + (lengthLess3 >> extraBits), extraBits, lengthLess3 & ((1 << extraBits) - 1));
    }

    /// <summary>Gets how many extra bits follow a distance symbol.</summary>
    internal static int DistanceExtraBits(int symbol) => symbol < 4 ? 0 : (symbol >> 1) - 1;

    /// <summary>Gets the token's bits of a distance: the symbol, and above <see cref="Tokens.ExtraShift"/> the extra bits. Has no branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (uint Symbol, uint Extra) Distance(uint distance)
    {
        uint less1 = distance - 1;
        int log = BitOperations.Log2(less1 | 2);
        uint symbol = (uint)(2 * log) + ((less1 >> (log - 1)) & 1) - ((less1 - 2) >> 31 << 1);
        return (symbol, less1 & ((1u << (log - 1)) - 1));
    }
}
