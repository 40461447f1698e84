using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tar.Tests;

public sealed class TarArchiveWriterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Long(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));

    private static (TarMember Member, string Content)[] Members { get; } =
    [
        (new("dir", TarMemberKind.Directory), ""),
        (new TarMember("dir/empty", TarMemberKind.File) { Mode = 0x1ED }, ""),
        (new TarMember("dir/file", TarMemberKind.File) { OwnerId = 1654, GroupId = 1655, ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) }, "hello"),
        (new("dir/block", TarMemberKind.File), new string('x', 512)),
        (new("dir/more", TarMemberKind.File), new string('y', 200_000)),
        (new TarMember("dir/hard", TarMemberKind.HardLink) { LinkTarget = "dir/file" }, ""),
        (new TarMember("dir/link", TarMemberKind.SymbolicLink) { LinkTarget = "../no/where" }, ""),
        (new TarMember("dir/long link", TarMemberKind.SymbolicLink) { LinkTarget = Long(150) }, ""),
        (new(Long(150) + "/" + Long(90), TarMemberKind.File), "split"),
        (new(Long(200) + "/" + Long(120), TarMemberKind.File), "pax"),
        (new("n\u00E4m\u00E9 \U0001F600", TarMemberKind.File), "unicode"),
        (new TarMember("big owner", TarMemberKind.File) { OwnerId = 3_000_000, GroupId = 4_000_000 }, "z"),
        (new TarMember("sticky", TarMemberKind.Directory) { Mode = 0x3FF }, ""),
    ];

    [Fact]
    public async Task WriteAsync_EveryKind_IsReadBackByTarReader()
    {
        using MemoryStream archive = await WriteAsync(Members);
        using TarReader reader = new(archive);
        foreach ((TarMember member, string content) in Members)
        {
            TarEntry entry = (await reader.GetNextEntryAsync(copyData: true, Cancellation))!;
            Assert.Equal(member.Kind == TarMemberKind.Directory ? member.Path + "/" : member.Path, entry.Name);
            Assert.Equal(member.Mode, (int)entry.Mode);
            Assert.Equal((member.OwnerId, member.GroupId), (entry.Uid, entry.Gid));
            Assert.Equal(member.ModifiedAt, entry.ModificationTime);
            Assert.Equal(member.LinkTarget ?? "", entry.LinkName);
            Assert.Equal(
                member.Kind switch { TarMemberKind.Directory => TarEntryType.Directory, TarMemberKind.SymbolicLink => TarEntryType.SymbolicLink, TarMemberKind.HardLink => TarEntryType.HardLink, _ => TarEntryType.RegularFile },
                entry.EntryType);
            using MemoryStream data = new();
            if (entry.DataStream is { } stream)
            {
                await stream.CopyToAsync(data, Cancellation);
            }

            Assert.Equal(content, Encoding.UTF8.GetString(data.ToArray()));
        }

        Assert.Null(await reader.GetNextEntryAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task WriteAsync_MembersThatFit_HaveNoExtendedHeader()
    {
        using MemoryStream archive = await WriteAsync([(new("a", TarMemberKind.File), "x"), (new(Long(155) + "/" + Long(100), TarMemberKind.File), "")]);
        Assert.Equal((512 * 3) + 1024, archive.Length);
    }

    // expected: by python3, whose tarfile writes the same format:
    //   python3 -c "
    //   import tarfile,io,hashlib
    //   b=io.BytesIO(); t=tarfile.open(fileobj=b,mode='w',format=tarfile.USTAR_FORMAT)
    //   d=tarfile.TarInfo('app'); d.type=tarfile.DIRTYPE; d.mode=0o755; t.addfile(d)
    //   f=tarfile.TarInfo('app/hello.txt'); f.size=6; f.mode=0o644; f.mtime=1700000000; f.uid=1654; f.gid=1654; t.addfile(f,io.BytesIO(b'hello\n'))
    //   s=tarfile.TarInfo('app/link'); s.type=tarfile.SYMTYPE; s.mode=0o777; s.linkname='hello.txt'; t.addfile(s)
    //   h=tarfile.TarInfo('app/same'); h.type=tarfile.LNKTYPE; h.mode=0o644; h.linkname='app/hello.txt'; t.addfile(h)
    //   print(hashlib.sha256(b.getvalue()[:t.offset]+bytes(1024)).hexdigest())"
    [Fact]
    public async Task WriteAsync_SmallTree_HasGoldenBytes()
    {
        using MemoryStream archive = await WriteAsync([
            (new("app", TarMemberKind.Directory), ""),
            (new TarMember("app/hello.txt", TarMemberKind.File) { ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), OwnerId = 1654, GroupId = 1654 }, "hello\n"),
            (new TarMember("app/link", TarMemberKind.SymbolicLink) { LinkTarget = "hello.txt" }, ""),
            (new TarMember("app/same", TarMemberKind.HardLink) { LinkTarget = "app/hello.txt" }, "")]);
        Assert.Equal("ed967a66b55f94658d9802f7b1cdcbdd1aa9ba928b978800519a785848dd88e6", Convert.ToHexStringLower(SHA256.HashData(archive.ToArray())));
    }

    [Fact]
    public async Task WriteAsync_ExtendedHeader_HasGoldenBytes()
    {
        using MemoryStream archive = await WriteAsync([(new("n\u00E9", TarMemberKind.File), "")]);
        byte[] bytes = archive.ToArray();

        Assert.Equal(512 + 512 + 512 + 1024, bytes.Length);
        Assert.Equal("PaxHeader\0", Encoding.ASCII.GetString(bytes, 0, 10));
        Assert.Equal((byte)'x', bytes[156]);
        Assert.Equal("00000000014\0", Encoding.ASCII.GetString(bytes, 124, 12));
        Assert.Equal("00000000000\0", Encoding.ASCII.GetString(bytes, 136, 12));
        Assert.Equal("12 path=n\u00E9\n", Encoding.UTF8.GetString(bytes, 512, 12));
        Assert.True(bytes.AsSpan(524, 500).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal((byte)'0', bytes[1024 + 156]);
    }

    [Theory]
    [InlineData(0, 1536)]
    [InlineData(1, 2048)]
    [InlineData(511, 2048)]
    [InlineData(512, 2048)]
    [InlineData(513, 2560)]
    [InlineData((1 << 17) - 1, 132608)]
    [InlineData((1 << 17) + 1, 133120)]
    public async Task WriteAsync_Content_IsPaddedWithZerosToBlocks(int length, int expected)
    {
        using MemoryStream archive = await WriteAsync([(new("a", TarMemberKind.File), new string('x', length))]);
        Assert.Equal(expected, archive.Length);
        Assert.True(archive.ToArray().AsSpan(512 + length).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public async Task WriteAsync_ContentInAnyPieces_GivesTheSameBytes()
    {
        byte[] content = new byte[300_000];
        new Random(2).NextBytes(content);
        List<string> digests = [];
        foreach (FaultyStream stream in (FaultyStream[])[FaultyStream.Whole(content), FaultyStream.OneByteAtATime(content), FaultyStream.RandomChunks(content, 8)])
        {
            using MemoryStream archive = new();
            TarArchiveWriter writer = new(archive);
            await writer.WriteAsync(new TarMember("a", TarMemberKind.File) { LengthBytes = content.Length }, stream, Cancellation);
            await writer.CompleteAsync(Cancellation);
            digests.Add(Convert.ToHexString(SHA256.HashData(archive.ToArray())));
            Assert.False(stream.IsDisposed);
        }

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public async Task WriteAsync_ContentOfAnotherLength_Throws()
    {
        byte[] content = new byte[1000];
        TarMember member = new TarMember("a", TarMemberKind.File) { LengthBytes = 1000 };
        foreach (FaultyStream stream in (FaultyStream[])[FaultyStream.EndingEarly(content, 1), FaultyStream.EndingEarly(content, 1000), FaultyStream.GoingOn(content, 1)])
        {
            IOException error = await Assert.ThrowsAsync<IOException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(member, stream, Cancellation));
            Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<IOException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(member, null, Cancellation));
        await Assert.ThrowsAsync<IOException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(new("a", TarMemberKind.File), FaultyStream.Whole(content), Cancellation));
    }

    [Fact]
    public async Task WriteAsync_ReadFails_PassesTheError()
    {
        InvalidTimeZoneException cause = new("any");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(
            new TarMember("a", TarMemberKind.File) { LengthBytes = 10 }, FaultyStream.ThrowingAt(new byte[10], 5, cause), Cancellation));
    }

    [Theory]
    [InlineData(TarMemberKind.SymbolicLink, null)]
    [InlineData(TarMemberKind.SymbolicLink, "")]
    [InlineData(TarMemberKind.HardLink, null)]
    public async Task WriteAsync_LinkWithoutTarget_Throws(TarMemberKind kind, string? target) =>
        await Assert.ThrowsAsync<ArgumentException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(new TarMember("a", kind) { LinkTarget = target }, null, Cancellation));

    [Fact]
    public async Task CompleteAsync_Twice_EndsOnceAndLeavesTheStreamOpen()
    {
        using MemoryStream archive = new();
        TarArchiveWriter writer = new(archive);
        await writer.CompleteAsync(Cancellation);
        await writer.CompleteAsync(Cancellation);
        Assert.Equal(new byte[1024], archive.ToArray());
        Assert.True(archive.CanWrite);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WriteAsync(new("a", TarMemberKind.File), null, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_Cancelled_Stops()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        using MemoryStream archive = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TarArchiveWriter(archive).WriteAsync(new("a", TarMemberKind.File), null, stop.Token));
    }

    [Fact]
    public async Task WriteAsync_EveryKind_IsListedByGnuTar()
    {
        Assert.SkipUnless(GnuTar.Exists, "GNU tar is not installed");
        using MemoryStream archive = await WriteAsync(Members);
        string[] lines = await GnuTar.ListAsync(archive.ToArray(), Cancellation);
        Assert.Equal(Members.Length, lines.Length);
        Assert.Equal("drwxr-xr-x 0/0               0 1970-01-01 00:00:00 dir/", lines[0]);
        Assert.Equal("-rwxr-xr-x 0/0               0 1970-01-01 00:00:00 dir/empty", lines[1]);
        Assert.Equal("-rw-r--r-- 1654/1655         5 2023-11-14 22:13:20 dir/file", lines[2]);
        Assert.Equal("hrw-r--r-- 0/0               0 1970-01-01 00:00:00 dir/hard link to dir/file", lines[5]);
        Assert.Equal("lrwxrwxrwx 0/0               0 1970-01-01 00:00:00 dir/link -> ../no/where", lines[6]);
        Assert.EndsWith(" -> " + Long(150), lines[7], StringComparison.Ordinal);
        Assert.EndsWith(" " + Long(150) + "/" + Long(90), lines[8], StringComparison.Ordinal);
        Assert.EndsWith(" " + Long(200) + "/" + Long(120), lines[9], StringComparison.Ordinal);
        Assert.EndsWith(" n\u00E4m\u00E9 \U0001F600", lines[10], StringComparison.Ordinal);
        Assert.StartsWith("-rw-r--r-- 3000000/4000000 ", lines[11], StringComparison.Ordinal);
        Assert.StartsWith("drwxrwxrwt ", lines[12], StringComparison.Ordinal);
    }

    [Fact] // a header's field ends at the NUL: readers would see a link to "a"
    public async Task WriteAsync_LinkTargetWithNul_Throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(new TarMember("l", TarMemberKind.SymbolicLink) { LinkTarget = "a\0b" }, null, Cancellation));

    private static async Task<MemoryStream> WriteAsync((TarMember Member, string Content)[] members)
    {
        MemoryStream archive = new();
        TarArchiveWriter writer = new(archive);
        foreach ((TarMember member, string text) in members)
        {
            byte[] content = Encoding.UTF8.GetBytes(text);
            TarMember sized = member.Kind == TarMemberKind.File ? member with { LengthBytes = content.Length } : member;
            await writer.WriteAsync(sized, member.Kind == TarMemberKind.File ? new MemoryStream(content) : null, Cancellation);
        }

        await writer.CompleteAsync(Cancellation);
        archive.Position = 0;
        return archive;
    }
}
