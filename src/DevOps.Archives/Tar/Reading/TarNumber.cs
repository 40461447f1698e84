using System.Numerics;

namespace DevOps.Archives.Tar;

/// <summary>Reads the numbers of headers: octal digits, or base 256 where GNU tar needs more.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Extensions to the archive format".</remarks>
internal static class TarNumber
{
    /// <summary>Reads a number; an empty field is 0.</summary>
    /// <returns><see langword="null"/> if the field is no number, or one of more than 63 bits.</returns>
    internal static long? Read(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return ReadBase256(field);
        }

        ReadOnlySpan<byte> digits = field.Trim((byte)' ');
        int end = digits.IndexOf((byte)0);
        digits = (end < 0 ? digits : digits[..end]).Trim((byte)' ');
        long value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                return null;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    // The first bit says that it is base 256, the second is the sign.
    private static long? ReadBase256(ReadOnlySpan<byte> field)
    {
        bool isNegative = (field[0] & 0x40) != 0;
        byte[] bytes = field.ToArray();
        bytes[0] = (byte)(isNegative ? bytes[0] | 0x80 : bytes[0] & 0x7F);
        BigInteger value = new(bytes, isUnsigned: false, isBigEndian: true);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }
}
