using System.Text;

namespace DevOps.Pipelines.Tests;

public sealed class JournalFrameTests
{
    [Theory] // expected: RFC 3720, appendix B.4, and the check value of CRC-32C in the catalogue of parametrised CRC algorithms
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794E)]
    [InlineData("", 0x00000000)]
    public void Crc32C_KnownBytes_MatchesStandard(string hex, uint expected) => Assert.Equal(expected, Crc32C.Compute(Convert.FromHexString(hex)));

    // The format is frozen: journals outlive the program that wrote them. Expected: a bitwise CRC-32C and struct.pack of Python.
    [Theory]
    [InlineData(0, "", "000000005DB5602B5DB5602B")]
    [InlineData(1, "record", "060000001F7354DE7265636F7264CBDFC2A7")]
    public void Write_Frame_HasTheseBytes(long number, string record, string expected)
    {
        Assert.Equal(expected, Convert.ToHexString(Frame(number, Encoding.UTF8.GetBytes(record))));
    }

    [Fact]
    public void Header_Bytes_AreThese() =>
        Assert.Equal("8D444F4A0D0A1A0A01000000AEA0727C9B010000D1C6CD30", Convert.ToHexString(JournalHeader.Write(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1)))));

    [Fact]
    public void Write_AnyCheck_TailHasTwoBytesThatAreNotZero()
    {
        // A frame without bytes has the check of its head in its tail; among a million numbers are some whose check is nearly zero.
        List<uint> tails = [];
        for (long number = 0; number < 1 << 20; number++)
        {
            byte[] frame = Frame(number, []);
            Assert.True(frame.AsSpan(^4..).Count((byte)0) <= 2, Convert.ToHexString(frame));
            Assert.True(JournalFrame.TryReadHead(number, frame, out int length) && length == 0 && JournalFrame.IsWhole(frame));
            tails.Add(BitConverter.ToUInt32(frame.AsSpan(^4..)));
        }

        // Different checks stay different.
        Assert.Equal(tails.Count, tails.Distinct().Count());
    }

    [Fact]
    public void TryReadHead_OtherNumber_Refuses()
    {
        byte[] frame = Frame(7, [1, 2, 3]);

        Assert.True(JournalFrame.TryReadHead(7, frame, out _));
        Assert.False(JournalFrame.TryReadHead(8, frame, out _));
        Assert.False(JournalFrame.TryReadHead(7 + (1L << 32), frame, out _));
    }

    private static byte[] Frame(long number, byte[] record)
    {
        byte[] frame = new byte[record.Length + JournalFrame.OverheadBytes];
        JournalFrame.Write(number, record, Crc32C.Compute(record), frame);
        return frame;
    }
}
