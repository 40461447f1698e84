using System.Text;

namespace DevOps.Archives.Tar.Tests;

public sealed class UstarHeaderTests
{
    // prefix length, name length after the slash, whether it fits (POSIX.1-2017: 155 and 100 octets, the slash between is not stored).
    public static TheoryData<int, int, bool> Splits { get; } = new()
    {
        { 155, 100, true },
        { 156, 100, false },
        { 155, 101, false },
        { 1, 100, true },
        { 100, 100, true },
        { 156, 1, false },
        { 155, 1, true },
    };

    [Theory]
    [MemberData(nameof(Splits))]
    public void Write_LongPath_IsSplitAtASlash(int prefix, int name, bool fits)
    {
        string path = new string('p', prefix) + "/" + new string('n', name);
        (byte[] header, SortedDictionary<string, string>? records) = Write(new(path, TarMemberKind.File));
        if (fits)
        {
            Assert.Null(records);
            Assert.Equal(path, Text(header, 345, 155) + "/" + Text(header, 0, 100));
        }
        else
        {
            Assert.Equal(path, Assert.Single(records!, record => record.Key == "path").Value);
            Assert.Equal("", Text(header, 345, 155));
            Assert.Equal(path[..100], Text(header, 0, 100));
        }
    }

    [Theory]
    [InlineData(98, false)]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void Write_LongDirectoryName_CountsItsClosingSlash(int length, bool needsRecords)
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new(new string('d', length), TarMemberKind.Directory));
        Assert.Equal(needsRecords, records is not null);
        Assert.Equal(needsRecords ? new string('d', length) + "/" : null, records?["path"]);
        Assert.Equal(needsRecords ? 'd' : '/', Text(header, 0, 100)[^1]);
    }

    [Theory]
    [InlineData(155, 99, false)]
    [InlineData(155, 100, true)]
    [InlineData(156, 50, true)]
    public void Write_LongDirectoryPath_CountsItsClosingSlash(int prefix, int name, bool needsRecords)
    {
        string path = new string('p', prefix) + "/" + new string('n', name);
        (byte[] header, SortedDictionary<string, string>? records) = Write(new(path, TarMemberKind.Directory));
        Assert.Equal(needsRecords, records is not null);
        if (!needsRecords)
        {
            Assert.Equal(path + "/", Text(header, 345, 155) + "/" + Text(header, 0, 100));
        }
    }

    [Fact]
    public void Write_EveryLengthOfDeepPath_SplitsOrTells()
    {
        for (int length = 1; length <= 300; length++)
        {
            string path = string.Concat(Enumerable.Range(0, length).Select(i => i % 10 == 9 && i != length - 1 ? '/' : 'x'));
            (byte[] header, SortedDictionary<string, string>? records) = Write(new(path, TarMemberKind.File));
            string prefix = Text(header, 345, 155);
            string written = prefix.Length == 0 ? Text(header, 0, 100) : prefix + "/" + Text(header, 0, 100);
            Assert.Equal(path, records?["path"] ?? written);
            Assert.Equal(length <= 100, prefix.Length == 0 && records is null);
        }
    }

    [Theory]
    [InlineData(2097151, null)]
    [InlineData(2097152, "2097152")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void Write_Owner_NeedsARecordAboveSevenOctalDigits(long id, string? expected)
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new TarMember("a", TarMemberKind.File) { OwnerId = id, GroupId = id });
        Assert.Equal(expected, records?["uid"]);
        Assert.Equal(expected, records?["gid"]);
        Assert.Equal(expected is null ? "7777777" : "0000000", Text(header, 108, 8));
    }

    [Theory]
    [InlineData((1L << 33) - 1, null)]
    [InlineData(1L << 33, "8589934592")]
    public void Write_Size_NeedsARecordFromEightGibibytes(long length, string? expected)
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new TarMember("a", TarMemberKind.File) { LengthBytes = length });
        Assert.Equal(expected, records?["size"]);
        Assert.Equal(expected is null ? "77777777777" : "00000000000", Text(header, 124, 12));
    }

    [Theory]
    [InlineData(0, "00000000000", null)]
    [InlineData(1_700_000_000, "14524770400", null)]
    [InlineData(-1, "00000000000", "-1")]
    public void Write_Time_NeedsARecordBeforeTheEpoch(long seconds, string octal, string? expected)
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new TarMember("a", TarMemberKind.File) { ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(seconds) });
        Assert.Equal(octal, Text(header, 136, 12));
        Assert.Equal(expected, records?["mtime"]);
    }

    [Fact]
    public void Write_FractionOfASecond_IsTruncated()
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new TarMember("a", TarMemberKind.File) { ModifiedAt = DateTimeOffset.FromUnixTimeMilliseconds(1999) });
        Assert.Null(records);
        Assert.Equal("00000000001", Text(header, 136, 12));
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Write_LinkTarget_NeedsARecordAboveHundred(int length, bool needsRecords)
    {
        string target = new('t', length);
        (byte[] header, SortedDictionary<string, string>? records) = Write(new TarMember("a", TarMemberKind.SymbolicLink) { LinkTarget = target });
        Assert.Equal(needsRecords ? target : null, records?["linkpath"]);
        Assert.Equal(target[..100], Text(header, 157, 100));
    }

    [Fact]
    public void Write_NameThatIsNotAscii_IsReplacedInTheHeader()
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new TarMember("\u00E9/\u00FC", TarMemberKind.SymbolicLink) { LinkTarget = "\u00E4x" });
        Assert.Equal(("\u00E9/\u00FC", "\u00E4x"), (records!["path"], records["linkpath"]));
        Assert.Equal("_/_", Text(header, 0, 100));
        Assert.Equal("_x", Text(header, 157, 100));
        Assert.Equal(["linkpath", "path"], records.Keys);
    }

    [Fact]
    public void Write_AnyMember_HasMagicChecksumAndNoNames()
    {
        (byte[] header, _) = Write(new TarMember("a", TarMemberKind.File) { Mode = 0xFFF, LengthBytes = 5 });
        Assert.Equal("ustar\000", Encoding.ASCII.GetString(header, 257, 8));
        Assert.Equal("0007777", Text(header, 100, 8));
        Assert.True(header.AsSpan(265, 80).IndexOfAnyExcept((byte)0) < 0, "The names of user and group, and the device numbers, stay empty.");
        int sum = header.Select((value, at) => at is >= 148 and < 156 ? (int)' ' : value).Sum();
        Assert.Equal(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", Encoding.ASCII.GetString(header, 148, 8));
    }

    [Theory]
    [InlineData("\u00E9")]
    [InlineData("\uFFFD")]
    public void Write_OneCharacterThatIsNotAscii_NeedsARecord(string path)
    {
        (byte[] header, SortedDictionary<string, string>? records) = Write(new(path, TarMemberKind.File));
        Assert.Equal(path, records!["path"]);
        Assert.Equal("_", Text(header, 0, 100));
    }

    private static (byte[] Header, SortedDictionary<string, string>? Records) Write(TarMember member)
    {
        byte[] header = new byte[UstarHeader.Length];
        header.AsSpan().Fill(0xFF);
        SortedDictionary<string, ReadOnlyMemory<byte>>? records = UstarHeader.Write(header, member);
        return (header, records is null ? null : new(records.ToDictionary(record => record.Key, record => Encoding.UTF8.GetString(record.Value.Span)), StringComparer.Ordinal));
    }

    private static string Text(byte[] header, int at, int length) => Encoding.ASCII.GetString(header, at, length).TrimEnd('\0');
}
