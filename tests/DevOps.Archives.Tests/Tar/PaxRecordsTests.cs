using System.Globalization;
using System.Text;

namespace DevOps.Archives.Tar.Tests;

public sealed class PaxRecordsTests
{
    [Theory] // expected: POSIX.1-2017, pax, "pax Extended Header": the length counts all octets of the record, its own digits too
    [InlineData("k", "v", "6 k=v\n")]
    [InlineData("path", "a", "9 path=a\n")]
    [InlineData("path", "ab", "11 path=ab\n")]
    [InlineData("path", "abc", "12 path=abc\n")]
    [InlineData("path", "\u00E9", "11 path=\u00E9\n")]
    [InlineData("path", "a\nb=c", "14 path=a\nb=c\n")]
    [InlineData("uid", "2097152", "15 uid=2097152\n")]
    public void Write_OneRecord_CountsItself(string key, string value, string expected) => Assert.Equal(expected, Write((key, value)));

    [Fact]
    public void Write_EveryLength_IsRightAcrossDigitBoundaries()
    {
        foreach (int length in Enumerable.Range(0, 130).Concat(Enumerable.Range(970, 60)).Concat(Enumerable.Range(9970, 60)).Concat(Enumerable.Range(99970, 60)))
        {
            byte[] record = PaxRecords.Write(new(StringComparer.Ordinal) { ["path"] = Encoding.UTF8.GetBytes(new string('x', length)) });
            int stated = int.Parse(Encoding.ASCII.GetString(record.AsSpan(0, Array.IndexOf(record, (byte)' '))), NumberStyles.None, CultureInfo.InvariantCulture);
            Assert.Equal(record.Length, stated);
            Assert.Equal((byte)'\n', record[^1]);
        }
    }

    [Theory] // the lengths where one more digit makes the record longer by two: 8 -> 10, 98 -> 100, 998 -> 1000 octets without digits
    [InlineData(1, 9)]
    [InlineData(2, 11)]
    [InlineData(90, 99)]
    [InlineData(91, 101)]
    [InlineData(989, 999)]
    [InlineData(990, 1001)]
    [InlineData(9988, 9999)]
    [InlineData(9989, 10001)]
    public void Write_AtADigitBoundary_GrowsByTwo(int valueLength, int expectedLength) =>
        Assert.Equal(expectedLength, Write(("path", new string('x', valueLength))).Length);

    [Fact]
    public void Write_SeveralRecords_ComeInOrdinalOrder() => Assert.Equal("6 B=1\n6 a=2\n", Write(("a", "2"), ("B", "1")));

    [Fact]
    public void Write_RawBytes_AreKept()
    {
        byte[] record = PaxRecords.Write(new(StringComparer.Ordinal) { ["SCHILY.xattr.user.\u00E9"] = (byte[])[0, 0xFF, (byte)'\n', (byte)'='] });
        Assert.Equal([.. "29 SCHILY.xattr.user.\u00E9="u8, 0, 0xFF, (byte)'\n', (byte)'=', (byte)'\n'], record);
    }

    private static string Write(params (string Key, string Value)[] records)
    {
        SortedDictionary<string, ReadOnlyMemory<byte>> sorted = new(StringComparer.Ordinal);
        foreach ((string key, string value) in records)
        {
            sorted.Add(key, Encoding.UTF8.GetBytes(value));
        }

        return Encoding.UTF8.GetString(PaxRecords.Write(sorted));
    }
}
