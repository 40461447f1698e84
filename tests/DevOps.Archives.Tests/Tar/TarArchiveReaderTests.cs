using System.Text;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tar.Tests;

public sealed class TarArchiveReaderTests
{
    private static readonly string LongName = string.Join('/', Enumerable.Repeat("a-directory-with-quite-a-long-name", 8));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Expected: the tree that GNU tar packed.
    [InlineData("--format=v7", false)]
    [InlineData("--format=oldgnu", true)]
    [InlineData("--format=gnu", true)]
    [InlineData("--format=ustar", false)]
    [InlineData("--format=posix", true)]
    [InlineData("--format=posix --pax-option=globexthdr.name=g,comment=a-global-header", true)]
    public async Task ReadNextAsync_FormatsOfGnuTar_GiveTheTree(string options, bool hasLongNames)
    {
        using TemporaryDirectory tree = Tree(hasLongNames);
        byte[] archive = await GnuTar.CreateAsync(tree.Path, options.Split(' '));

        List<(TarArchiveEntry Entry, byte[] Content)> entries = await ReadAsync(new MemoryStream(archive));

        Assert.Equal(Listing(tree.Path), entries.Select(entry => Line(entry.Entry)).Order(StringComparer.Ordinal));
        Assert.All(entries, entry => Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), entry.Entry.ModifiedAt));
        foreach ((TarArchiveEntry entry, byte[] content) in entries.Where(entry => entry.Entry.Kind == TarEntryKind.File))
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(tree.Path, entry.Name), Cancellation), content);
        }
    }

    [Theory] // Expected: the file with its holes, whatever way the archive leaves them out.
    [InlineData("--format=oldgnu")]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix --sparse-version=0.0")]
    [InlineData("--format=posix --sparse-version=0.1")]
    [InlineData("--format=posix --sparse-version=1.0")]
    public async Task ReadNextAsync_SparseFile_HasItsHolesAsZeros(string options)
    {
        using TemporaryDirectory tree = TemporaryDirectory.Create();
        byte[] content = new byte[3 << 20];
        string path = tree.PathOf("sparse");
        await using (FileStream file = File.Create(path))
        {
            file.SetLength(content.Length);
            for (int i = 0; i < 30; i++)
            {
                byte[] data = Encoding.ASCII.GetBytes($"region {i}");
                data.CopyTo(content, i * 100_000);
                file.Position = i * 100_000;
                await file.WriteAsync(data, Cancellation);
            }
        }

        byte[] archive = await GnuTar.CreateAsync(tree.Path, ["--sparse", "--hole-detection=raw", .. options.Split(' ')]);
        Assert.True(archive.Length < content.Length, "GNU tar left the holes in.");

        List<(TarArchiveEntry Entry, byte[] Content)> entries = await ReadAsync(new MemoryStream(archive));

        (TarArchiveEntry entry, byte[] read) = entries.Single(entry => entry.Entry.Kind == TarEntryKind.File);
        Assert.EndsWith("sparse", entry.Name, StringComparison.Ordinal);
        Assert.True(entry.IsSparse);
        Assert.Equal(content.Length, entry.LengthBytes);
        Assert.Equal(content, read);
    }

    [Fact]
    public async Task ReadNextAsync_GlobalRecordsWithoutEnd_AreRefusedAtTheBound()
    {
        List<byte[]> parts = [];
        for (int i = 0; i < 20; i++)
        {
            string record = $"1000 key{i:000}={new string('x', 987)}\n";
            parts.AddRange([RawTar.Header("g", 'g', record.Length), RawTar.Padded(record), RawTar.Header($"f{i}", '0', 0)]);
        }

        TarArchiveReader reader = new(new MemoryStream(RawTar.Archive([.. parts])), new() { MaxHeaderBytes = 10_000 });
        int count = 0;
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(async () =>
        {
            while (await reader.ReadNextAsync(TestContext.Current.CancellationToken) is not null)
            {
                count++;
            }
        });
        Assert.Equal(10, count);
        Assert.Contains("the global headers have more than 10000 bytes together", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadNextAsync_OwnersBeyondOctal_AreReadInBase256AndInPax()
    {
        using TemporaryDirectory tree = TemporaryDirectory.Create();
        tree.Write("file", "x");
        foreach (string format in (string[])["--format=gnu", "--format=posix"])
        {
            byte[] archive = await GnuTar.CreateAsync(tree.Path, format, "--owner=someone:4000000000", "--group=some:4000000001");

            List<(TarArchiveEntry Entry, byte[] Content)> entries = await ReadAsync(new MemoryStream(archive));

            Assert.All(entries, entry => Assert.Equal((4_000_000_000, 4_000_000_001), (entry.Entry.OwnerId, entry.Entry.GroupId)));
        }
    }

    [Fact]
    public async Task ReadNextAsync_OurOwnArchive_ComesBackAsItWas()
    {
        using MemoryStream archive = new();
        TarArchiveWriter writer = new(archive);
        TarMember[] members =
        [
            new("dir", TarMemberKind.Directory) { Mode = 0x1C0, OwnerId = 5, GroupId = 9_999_999 },
            new("dir/" + LongName + "/é", TarMemberKind.File) { LengthBytes = 3, ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(12_345_678_901) },
            new("link", TarMemberKind.SymbolicLink) { LinkTarget = LongName },
            new("hard", TarMemberKind.HardLink) { LinkTarget = "dir/file" },
        ];
        foreach (TarMember member in members)
        {
            await writer.WriteAsync(member, member.LengthBytes > 0 ? new MemoryStream("abc"u8.ToArray()) : null, Cancellation);
        }

        await writer.CompleteAsync(Cancellation);
        List<(TarArchiveEntry Entry, byte[] Content)> entries = await ReadAsync(new MemoryStream(archive.ToArray()));

        Assert.Equal(
            members.Select(m => (m.Path, m.Mode, m.OwnerId, m.GroupId, m.ModifiedAt, m.LengthBytes, m.LinkTarget)),
            entries.Select(e => (e.Entry.Name, e.Entry.Mode, e.Entry.OwnerId, e.Entry.GroupId, e.Entry.ModifiedAt, e.Entry.LengthBytes, e.Entry.LinkTarget)));
        Assert.Equal("abc"u8.ToArray(), entries[1].Content);
    }

    [Fact]
    public async Task ReadNextAsync_EndMarker_ReadsWhatIsBehindToo()
    {
        byte[] archive = [.. await SampleAsync(), .. new byte[20_000], 1, 2, 3];
        using MemoryStream input = new(archive);
        TarArchiveReader reader = new(input);
        while (await reader.ReadNextAsync(Cancellation) is not null)
        {
        }

        Assert.Equal(archive.Length, input.Position);
        Assert.Null(await reader.ReadNextAsync(Cancellation));
    }

    [Fact]
    public async Task ReadNextAsync_CutOff_IsToldEverywhere()
    {
        byte[] archive = await SampleAsync();
        int end = archive.Length - 1024;
        for (int length = 1; length < end; length += 97)
        {
            byte[] cut = archive[..length];
            foreach (Stream input in (Stream[])[new MemoryStream(cut), FaultyStream.RandomChunks(cut, 7)])
            {
                // Between two entries an end cannot be told from the end.
                if (length % 512 != 0)
                {
                    await Assert.ThrowsAsync<InvalidContentException>(() => ReadAsync(input));
                }
            }
        }
    }

    [Fact]
    public async Task ReadNextAsync_Damaged_NothingButInvalidContent()
    {
        using TemporaryDirectory tree = Tree(hasLongNames: true);
        foreach (string options in (string[])["--format=posix --sparse", "--format=gnu --sparse"])
        {
            byte[] valid = await GnuTar.CreateAsync(tree.Path, options.Split(' '));
            foreach (byte[] damaged in Damage.Of(valid, seed: 31, count: 1500).Concat(Damage.Noise(seed: 32, count: 200, maxLengthBytes: 4000)))
            {
                try
                {
                    await ReadAsync(new MemoryStream(damaged));
                }
                catch (InvalidContentException)
                {
                    // What a damaged archive is for.
                }
            }
        }
    }

    [Theory]
    [InlineData("x", "999999999 path=a\n")]
    [InlineData("x", "12 path=abc")]
    [InlineData("x", "11 pathabcd\n")]
    [InlineData("x", "0 path=a\n")]
    [InlineData("x", "14 size=-5\n\n\n\n")]
    [InlineData("x", "13 uid=hello\n")]
    [InlineData("x", "22 mtime=not-a-number\n")]
    [InlineData("x", "29 mtime=99999999999999999999\n")]
    public async Task ReadNextAsync_MalformedRecords_AreRefused(string type, string records)
    {
        byte[] archive = [.. RawTar.Header("h", type[0], records.Length), .. RawTar.Padded(records), .. RawTar.Header("file", '0', 0), .. new byte[1024]];

        await Assert.ThrowsAsync<InvalidContentException>(() => ReadAsync(new MemoryStream(archive)));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    public async Task ReadNextAsync_HeaderOverItsLimit_IsRefusedBeforeItIsRead(char type)
    {
        byte[] archive = RawTar.Header("h", type, 5 << 20);

        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => ReadAsync(new MemoryStream(archive)));

        Assert.Contains("more than 1048576 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadNextAsync_OneBlockOfZeros_IsNoEnd()
    {
        byte[] archive = [.. RawTar.Header("a", '0', 0), .. new byte[512], .. RawTar.Header("b", '0', 0), .. new byte[1024]];

        await Assert.ThrowsAsync<InvalidContentException>(() => ReadAsync(new MemoryStream(archive)));
    }

    [Fact] // Expected: as GNU tar, libarchive and Go.
    public async Task ReadNextAsync_TwoHeadersOfRecordsInARow_TheLastAloneCounts()
    {
        byte[] archive = RawTar.Archive(
            RawTar.Header("h", 'x', 22), RawTar.Padded("14 path=first\n8 uid=7\n"), RawTar.Header("h", 'x', 15), RawTar.Padded("15 path=second\n"), RawTar.Header("file", '0', 0));

        TarArchiveEntry entry = Assert.Single(await ReadAsync(new MemoryStream(archive))).Entry;

        Assert.Equal(("second", 0), (entry.Name, entry.OwnerId));
    }

    [Theory] // Expected: as GNU tar. The content that is there is not taken for a header.
    [InlineData('0')]
    [InlineData('\0')]
    public async Task ReadNextAsync_FileWhoseNameEndsInASlash_IsADirectoryWhoseContentIsSkipped(char type)
    {
        byte[] archive = RawTar.Archive(RawTar.Header("dir/", type, 512), RawTar.Header("hidden", '0', 0), RawTar.Header("last", '0', 0));

        List<(TarArchiveEntry Entry, byte[] Content)> entries = await ReadAsync(new MemoryStream(archive));

        Assert.Equal([("dir", TarEntryKind.Directory), ("last", TarEntryKind.File)], entries.Select(entry => (entry.Entry.Name, entry.Entry.Kind)));
    }

    [Fact]
    public async Task ReadNextAsync_ChecksumOfSignedBytes_IsRightToo()
    {
        byte[] archive = [.. RawTar.Header("é", '0', 0, signedSum: true), .. new byte[1024]];

        Assert.Equal("é", Assert.Single(await ReadAsync(new MemoryStream(archive))).Entry.Name);
    }

    [Fact]
    public async Task Content_AfterTheNextEntry_IsClosed()
    {
        TarArchiveReader reader = new(new MemoryStream(await SampleAsync()));
        Assert.Throws<InvalidOperationException>(() => reader.Content);
        await reader.ReadNextAsync(Cancellation);
        Stream first = reader.Content;
        await reader.ReadNextAsync(Cancellation);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.CopyToAsync(Stream.Null, Cancellation));
    }

    private static async Task<byte[]> SampleAsync()
    {
        using TemporaryDirectory tree = Tree(hasLongNames: true);
        return await GnuTar.CreateAsync(tree.Path, "--format=posix", "--blocking-factor=1");
    }

    private static TemporaryDirectory Tree(bool hasLongNames)
    {
        TemporaryDirectory tree = TemporaryDirectory.Create();
        tree.Write("empty");
        tree.Write("text", "some text\n");
        tree.Write("dir/binary", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]);
        tree.MakeDirectory("dir/nothing");
        tree.Link("link", "dir/binary");
        if (hasLongNames)
        {
            tree.Write(LongName + "/file", "deep");
            tree.Write("ä-ß-漢", "unicode");
            tree.Link("far", LongName + "/file");
        }

        return tree;
    }

    private static IEnumerable<string> Listing(string directory) =>
        Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
            .Select(path => (FileSystemInfo)(Directory.Exists(path) && new FileInfo(path).LinkTarget is null ? new DirectoryInfo(path) : new FileInfo(path)))
            .Select(info => info.LinkTarget is { } target
                ? $"SymbolicLink ./{Path.GetRelativePath(directory, info.FullName)} 0 {target}"
                : info is DirectoryInfo ? $"Directory ./{Path.GetRelativePath(directory, info.FullName)} 0 " : $"File ./{Path.GetRelativePath(directory, info.FullName)} {((FileInfo)info).Length} ")
            .Append("Directory . 0 ")
            .Order(StringComparer.Ordinal);

    private static string Line(TarArchiveEntry entry) => $"{entry.Kind} {entry.Name} {entry.LengthBytes} {entry.LinkTarget}";

    private static async Task<List<(TarArchiveEntry Entry, byte[] Content)>> ReadAsync(Stream archive)
    {
        List<(TarArchiveEntry, byte[])> entries = [];
        TarArchiveReader reader = new(archive);
        while (await reader.ReadNextAsync(Cancellation) is { } entry)
        {
            using MemoryStream content = new();
            if (entry.LengthBytes <= 64 << 20)
            {
                await reader.Content.CopyToAsync(content, Cancellation);
            }

            entries.Add((entry, content.ToArray()));
        }

        return entries;
    }
}
