using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>
/// A token is one word that the emitter turns into bits by two lookups and no branch: a first index (a literal, or 256 and a match's length less 3), a second index (a distance's symbol, nothing, or
/// 32 and a second literal), and the extra bits of a distance.
/// </summary>
internal static class Tokens
{
    internal const int FirstIndexes = 512;
    internal const int SecondIndexes = 32 + 256;
    internal const int SecondShift = 9;
    internal const int ExtraShift = 18;
    internal const uint NoSecond = 30;
    internal const uint SecondLiteral = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Literal(uint value) => value | (NoSecond << SecondShift);

    /// <summary>Two literals, the first in the lower byte. Bits above the lower 16 of the argument are ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint LiteralPair(uint two) => (two & 0xFF) | ((two & 0xFF00) << 1) + (SecondLiteral << SecondShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Match(uint length, uint distance)
    {
        (uint symbol, uint extra) = DeflateFormat.Distance(distance);
        return (256 + length - DeflateFormat.MinMatch) | (symbol << SecondShift) | (extra << ExtraShift);
    }

    /// <summary>Gets how many bytes of input a token stands for.</summary>
    internal static int LengthBytes(uint token)
    {
        uint first = token & (FirstIndexes - 1);
        uint second = (token >> SecondShift) & (FirstIndexes - 1);
        return first >= 256 ? (int)(first - 256 + DeflateFormat.MinMatch) : second >= SecondLiteral ? 2 : 1;
    }
}
