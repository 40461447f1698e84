using System.Text;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tar.Tests;

/// <summary>What is large: headers, names, sizes and holes.</summary>
public sealed class TarReaderBoundsTests
{
    private const int FiveMegabytes = 5 << 20;
    private static readonly TarReadOptions EightMegabytes = new() { MaxHeaderBytes = 8 << 20 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData('x', 1)]
    [InlineData('x', 50_000)]
    [InlineData('g', 1)]
    [InlineData('g', 50_000)]
    public async Task ReadNextAsync_FiveMegabytesOfRecords_AreRefusedOrReadAsTheOptionsSay(char type, int records)
    {
        byte[] content = Records(records, FiveMegabytes);
        byte[] archive = RawTar.Archive(RawTar.Header("h", type, content.Length), Padded(content), RawTar.Header("file", '0', 0));

        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => ListAsync(archive));
        TarArchiveEntry entry = Assert.Single(await ListAsync(archive, EightMegabytes));

        Assert.Contains("more than 1048576 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(records, entry.PaxRecords.Count);
        Assert.Equal("file", entry.Name);
    }

    [Theory] // The most records that a header can have by default: each costs far more memory than its bytes.
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadNextAsync_AsManyRecordsAsFit_TakeASmallMultipleOfTheBound(bool isOneKey)
    {
        string records = string.Concat(isOneKey ? Enumerable.Repeat("6 a=b\n", 170_000) : Enumerable.Range(0, 80_000).Select(i => $"12 {i:x6}=b\n"));
        byte[] archive = RawTar.Archive(RawTar.Header("h", 'x', records.Length), RawTar.Padded(records), RawTar.Header("file", '0', 0));
        long before = GC.GetAllocatedBytesForCurrentThread();

        TarArchiveEntry entry = Assert.Single(await ListAsync(archive));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1 << 20, 48L << 20);
        Assert.Equal(isOneKey ? 1 : 80_000, entry.PaxRecords.Count);
    }

    [Fact]
    public async Task ReadNextAsync_ManyGlobalHeaders_AreBoundedTogether()
    {
        byte[] content = Records(1000, 600_000);
        byte[] others = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(content).Replace("key", "yek", StringComparison.Ordinal));
        byte[] twice = [.. Global(content), .. Global(content), .. RawTar.Archive(RawTar.Header("file", '0', 0))];
        byte[] both = [.. Global(content), .. Global(others), .. RawTar.Archive(RawTar.Header("file", '0', 0))];
        byte[] apart = [.. Global(content), .. RawTar.Header("between", '0', 0), .. Global(others), .. RawTar.Archive(RawTar.Header("file", '0', 0))];

        // The headers of one entry are over the bound by themselves here, so there is an entry between.
        byte[] again = [.. Global(content), .. RawTar.Header("between", '0', 0), .. Global(content), .. RawTar.Archive(RawTar.Header("file", '0', 0))];

        await Assert.ThrowsAsync<InvalidContentException>(() => ListAsync(twice));
        await Assert.ThrowsAsync<InvalidContentException>(() => ListAsync(both));
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => ListAsync(apart));
        Assert.Contains("the global headers have more than 1048576 bytes together", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await ListAsync(again)).Count);
        Assert.Equal(2, (await ListAsync(apart, EightMegabytes)).Count);
    }

    [Theory] // Expected: a name is as long as it is in all ways to say it.
    [InlineData("--format=gnu")]
    [InlineData("--format=oldgnu")]
    [InlineData("--format=posix")]
    public async Task ReadNextAsync_NameOf300Bytes_IsWhole(string format)
    {
        using TemporaryDirectory tree = TemporaryDirectory.Create();
        string name = $"{new string('a', 150)}/{new string('b', 149)}";
        tree.Write(name, "x");

        List<TarArchiveEntry> entries = await ListAsync(await GnuTar.CreateAsync(tree.Path, format));

        Assert.Contains(entries, entry => entry.Name == "./" + name);
    }

    [Theory] // Expected: the file that GNU tar packed.
    [InlineData("--format=oldgnu")]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix --sparse-version=0.0")]
    [InlineData("--format=posix --sparse-version=0.1")]
    [InlineData("--format=posix --sparse-version=1.0")]
    public async Task ReadNextAsync_SparseFileOf8Gigabytes_TakesNoMoreThanWhatIsStored(string options)
    {
        const long Length = 8L << 30;
        const long Offset = 3 << 20;
        using TemporaryDirectory tree = TemporaryDirectory.Create();
        await using (FileStream file = File.Create(tree.PathOf("sparse")))
        {
            file.SetLength(Length);
            file.Position = Offset;
            await file.WriteAsync(new byte[4096].Select(_ => (byte)'x').ToArray(), Cancellation);
        }

        byte[] archive = await GnuTar.CreateAsync(tree.Path, ["--sparse", .. options.Split(' ')]);
        Assert.True(archive.Length < 1 << 20, "GNU tar left the holes in.");
        long before = GC.GetAllocatedBytesForCurrentThread();

        List<TarArchiveEntry> entries = await ListAsync(archive);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        TarArchiveEntry sparse = entries.Single(entry => entry.Kind == TarEntryKind.File);
        Assert.True(sparse.IsSparse);
        Assert.Equal(Length, sparse.LengthBytes);
        await AssertBeginsAsync(archive, Offset);
    }

    [Theory] // 2^63 - 1 and, in octal, 2^33 - 1: sizes that no archive here has. Skipped or read, what follows is no header.
    [InlineData("base256")]
    [InlineData("octal")]
    [InlineData("pax")]
    public async Task ReadNextAsync_SizeBeyondTheArchive_IsAnErrorWhetherSkippedOrRead(string how)
    {
        byte[] header = RawTar.Header("big", '0', how == "octal" ? (1L << 33) - 1 : 0);
        if (how == "base256")
        {
            header[124] = 0x80;
            header.AsSpan(125, 3).Clear();
            header[128] = 0x7F;
            header.AsSpan(129, 7).Fill(0xFF);
            RawTar.Sum(header);
        }

        byte[] records = Encoding.ASCII.GetBytes("28 size=9223372036854775807\n");
        byte[] pax = how == "pax" ? [.. RawTar.Header("h", 'x', records.Length), .. Padded(records)] : [];
        byte[] archive = [.. pax, .. header, .. RawTar.Archive(RawTar.Header("hidden", '0', 0))];
        foreach (Stream input in (Stream[])[new MemoryStream(archive), FaultyStream.Whole(archive)])
        {
            TarArchiveReader reader = new(input);
            Assert.Equal("big", (await reader.ReadNextAsync(Cancellation))!.Name);

            await Assert.ThrowsAsync<InvalidContentException>(() => reader.ReadNextAsync(Cancellation).AsTask());
        }

        TarArchiveReader whole = new(new MemoryStream(archive));
        await whole.ReadNextAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidContentException>(() => whole.Content.CopyToAsync(Stream.Null, Cancellation));
    }

    private static async Task AssertBeginsAsync(byte[] archive, long offset)
    {
        TarArchiveReader reader = new(FaultyStream.Whole(archive));
        while ((await reader.ReadNextAsync(Cancellation))!.Kind != TarEntryKind.File)
        {
        }

        byte[] read = new byte[offset + 8192];
        await reader.Content.ReadExactlyAsync(read, Cancellation);
        Assert.Equal(offset, Array.IndexOf(read, (byte)'x'));
        Assert.Equal(offset + 4095, Array.LastIndexOf(read, (byte)'x'));
        Assert.Null(await reader.ReadNextAsync(Cancellation));
    }

    private static async Task<List<TarArchiveEntry>> ListAsync(byte[] archive, TarReadOptions? options = null)
    {
        List<TarArchiveEntry> entries = [];
        TarArchiveReader reader = new(new MemoryStream(archive), options);
        while (await reader.ReadNextAsync(Cancellation) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static byte[] Global(byte[] records) => [.. RawTar.Header("g", 'g', records.Length), .. Padded(records)];

    private static byte[] Records(int count, int totalLength) =>
        PaxRecords.Write(new(Enumerable.Range(0, count).ToDictionary(i => $"key{i}", _ => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(new string('v', Math.Max(1, (totalLength / count) - 14)))), StringComparer.Ordinal));

    private static byte[] Padded(byte[] content)
    {
        byte[] padded = new byte[(content.Length + 511) / 512 * 512];
        content.CopyTo(padded, 0);
        return padded;
    }
}
