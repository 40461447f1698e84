using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression;

/// <summary>Arithmetic of polynomials modulo that of the checksum. The highest bit of a number is its constant term.</summary>
internal static class Crc32Powers
{
    // x to the power of 2^k. The 32nd square is x again: the polynomial is primitive, so x^(2^32 - 1) is 1.
    internal static ReadOnlySpan<uint> Squares =>
    [
        0x40000000, 0x20000000, 0x08000000, 0x00800000, 0x00008000, 0xEDB88320, 0xB1E6B092, 0xA06A2517,
        0xED627DAE, 0x88D14467, 0xD7BBFE6A, 0xEC447F11, 0x8E7EA170, 0x6427800E, 0x4D47BAE0, 0x09FE548F,
        0x83852D0F, 0x30362F1A, 0x7B5A9CC3, 0x31FEC169, 0x9FEC022A, 0x6C8DEDC4, 0x15D6874D, 0x5FDE7A4E,
        0xBAD90E37, 0x2E4E5EEF, 0x4EABA214, 0xA8A472C0, 0x429A969E, 0x148D302A, 0xC40BA6D0, 0xC4E22C3C,
    ];

    /// <summary>Multiplies by x to the power of eight times <paramref name="lengthBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint MultiplyByZeros(uint value, long lengthBytes)
    {
        for (int k = 3; lengthBytes != 0; k++, lengthBytes >>= 1)
        {
            if ((lengthBytes & 1) != 0)
            {
                value = Multiply(value, Squares[k & 31]);
            }
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (int i = 0; i < 32; i++)
        {
            product ^= b & (uint)((int)a >> 31);
            a <<= 1;
            b = (b >> 1) ^ (Crc32.ReflectedPolynomial & (0 - (b & 1)));
        }

        return product;
    }
}
