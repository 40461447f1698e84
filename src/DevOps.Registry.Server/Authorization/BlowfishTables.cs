using System.Numerics;

namespace DevOps.Registry.Server;

/// <summary>The words that the cipher Blowfish starts with: the first 33,344 bits of the fraction of pi. They are computed, because a table of 1,042 numbers is one nobody checks.</summary>
/// <remarks>Source: B. Schneier, "Description of a New Variable-Length Key, 64-Bit Block Cipher (Blowfish)", 1993. Pi by Machin's formula: 16 arctan(1/5) − 4 arctan(1/239).</remarks>
internal static class BlowfishTables
{
    internal const int SubkeyCount = 18;
    internal const int SBoxWords = 4 * 256;

    private const int Words = SubkeyCount + SBoxWords;
    private const int GuardBits = 64;

    private static readonly uint[] Pi = Compute();

    internal static ReadOnlySpan<uint> Subkeys => Pi.AsSpan(0, SubkeyCount);

    internal static ReadOnlySpan<uint> SBoxes => Pi.AsSpan(SubkeyCount);

    private static uint[] Compute()
    {
        BigInteger one = BigInteger.One << ((Words * 32) + GuardBits);
        BigInteger pi = (16 * ArcTangentOfInverse(5, one)) - (4 * ArcTangentOfInverse(239, one));
        byte[] fraction = ((pi - (3 * one)) >> GuardBits).ToByteArray(isUnsigned: true, isBigEndian: true);

        // The first word, 243F6A88, has leading zero bits but no leading zero byte: the bytes are whole words.
        uint[] words = new uint[Words];
        for (int i = 0; i < Words; i++)
        {
            words[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(fraction.AsSpan(i * 4));
        }

        return words;
    }

    private static BigInteger ArcTangentOfInverse(int inverse, BigInteger one)
    {
        BigInteger power = one / inverse;
        BigInteger sum = power;
        int square = inverse * inverse;
        for (int divisor = 3; !power.IsZero; divisor += 2)
        {
            power /= square;
            BigInteger term = power / divisor;
            sum += (divisor & 2) != 0 ? -term : term;
        }

        return sum;
    }
}
