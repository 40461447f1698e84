using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DevOps.Archives.Compression;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace DevOps.Archives.Tests.Compression;

public class Crc32Tests
{
    private delegate uint Variant(uint crc, ReadOnlySpan<byte> bytes);

    private static IEnumerable<(string Name, int MinBytes, Variant Append)> Variants()
    {
        yield return ("best", 0, Crc32.Append);
        yield return ("portable", 0, Crc32.AppendPortable);
        if (Crc32Folding.IsSupported)
        {
            yield return ("narrow", Crc32Folding.MinBytes, Crc32Folding.AppendNarrow);
        }

        if (Crc32Folding.IsWideSupported)
        {
            yield return ("wide", Crc32Folding.MinWideBytes, Crc32Folding.AppendWide);
        }

        if (ArmCrc32.Arm64.IsSupported)
        {
            yield return ("Arm", 0, Crc32.AppendArm);
        }
    }

    [Theory] // expected: the "check" value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms, and zlib's crc32()
    [InlineData("", 0u)]
    [InlineData("a", 0xE8B7BE43)]
    [InlineData("abc", 0x352441C2)]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Append_KnownMessage_GivesKnownValue(string message, uint expected)
    {
        Assert.Equal(expected, Crc32.Append(0, Encoding.ASCII.GetBytes(message)));
        Assert.Equal(expected, Crc32.AppendPortable(0, Encoding.ASCII.GetBytes(message)));
    }

    [Fact]
    public void Append_EveryLengthAndAlignment_MatchesBitwise()
    {
        byte[] bytes = Random(700);
        foreach ((string name, int minBytes, Variant append) in Variants())
        {
            for (int start = 0; start < 16; start++)
            {
                uint expected = 0x12345678;
                for (int length = 0; length <= 600; length++)
                {
                    if (length >= minBytes)
                    {
                        uint actual = append(0x12345678, bytes.AsSpan(start, length));
                        Assert.True(expected == actual, $"{name}: {length} bytes from {start}");
                    }

                    expected = Bitwise(expected, bytes[start + length]);
                }
            }
        }
    }

    [Fact]
    public void Append_LongContent_MatchesGzipTrailer()
    {
        byte[] bytes = Random(1_000_003);
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan()[^8..]);
        foreach ((string name, _, Variant append) in Variants())
        {
            Assert.True(expected == append(0, bytes), name);
        }
    }

    [Fact]
    public void Append_InParts_IsAppendOfTheWhole()
    {
        byte[] bytes = Random(5000);
        uint expected = Crc32.AppendPortable(0, bytes);
        for (int split = 0; split <= bytes.Length; split += split < 700 ? 1 : 41)
        {
            uint first = Crc32.Append(0, bytes.AsSpan(0, split));
            Assert.Equal(expected, Crc32.Append(first, bytes.AsSpan(split)));
            Assert.Equal(expected, Crc32.Combine(first, Crc32.Append(0, bytes.AsSpan(split)), bytes.Length - split));
        }
    }

    [Fact]
    public void Squares_AreThePowersOfX()
    {
        ulong power = 2;
        foreach (uint square in Crc32Powers.Squares)
        {
            Assert.Equal(Reverse((uint)power), square);
            power = Multiply(power, power);
        }

        Assert.Equal(2UL, power);
    }

    [Fact]
    public void Combine_AnyLength_IsMultiplicationByPower()
    {
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            uint first = (uint)random.NextInt64(1L << 32);
            uint second = (uint)random.NextInt64(1L << 32);
            long length = random.NextInt64(long.MaxValue) >> random.Next(63);
            ulong power = Power((UInt128)length * 8);
            Assert.Equal(Reverse((uint)Multiply(Reverse(first), power)) ^ second, Crc32.Combine(first, second, length));
        }
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(0xFFFF_FFFFL)]
    [InlineData(0x1_0000_0000L)]
    [InlineData(0x1_2345_6789_ABCDL)]
    public void Combine_ThreeParts_IsAssociative(long length)
    {
        uint left = Crc32.Combine(Crc32.Combine(1, 0xCAFE, length), 0xBEEF0000, length + 7);
        uint right = Crc32.Combine(1, Crc32.Combine(0xCAFE, 0xBEEF0000, length + 7), length + length + 7);

        Assert.Equal(left, right);
        Assert.Throws<ArgumentOutOfRangeException>(() => Crc32.Combine(1, 2, -1 - length));
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static uint Bitwise(uint crc, byte next)
    {
        uint state = ~crc ^ next;
        for (int bit = 0; bit < 8; bit++)
        {
            state = (state & 1) != 0 ? (state >> 1) ^ 0xEDB88320 : state >> 1;
        }

        return ~state;
    }

    private static uint Reverse(uint value)
    {
        uint reversed = 0;
        for (int i = 0; i < 32; i++)
        {
            reversed |= ((value >> i) & 1) << (31 - i);
        }

        return reversed;
    }

    // The textbook's way, with the lowest bit as the constant term: nothing in common with the code under test.
    private static ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (int i = 0; i < 32; i++)
        {
            product ^= ((b >> i) & 1) != 0 ? a << i : 0;
        }

        for (int i = 63; i >= 32; i--)
        {
            product ^= ((product >> i) & 1) != 0 ? 0x1_04C1_1DB7UL << (i - 32) : 0;
        }

        return product;
    }

    private static ulong Power(UInt128 exponent)
    {
        ulong result = 1;
        for (ulong square = 2; exponent != 0; exponent >>= 1, square = Multiply(square, square))
        {
            result = (exponent & 1) != 0 ? Multiply(result, square) : result;
        }

        return result;
    }
}
