using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Archives.Tests.Compression.Deflate;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Archives.Tests.Caching;

public sealed class SegmentReuseTests : IDisposable
{
    private const int ContentBytes = 6_000_000;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string CachePath => _directory.PathOf("cache");

    public static TheoryData<string> Damages => ["empty", "cut", "cut in the head", "longer", "magic", "key", "length", "crc", "compressed length", "reserved", "entry crc", "content", "last byte", "another entry", "a directory", "a link to nothing"];

    [Theory]
    [InlineData(DeflateLevel.Default)]
    [InlineData(DeflateLevel.Fast)]
    [InlineData(DeflateLevel.Small)]
    public async Task PackAsync_EmptyThenWarmCache_GivesTheBytesOfNone(DeflateLevel level)
    {
        byte[] content = Contents.Text(ContentBytes);
        byte[] without = (await PackAsync(content, null, level)).Bytes;

        (byte[] cold, PackResult first) = await PackAsync(content, PackCache.Open(CachePath), level);
        (byte[] warm, PackResult second) = await PackAsync(content, PackCache.Open(CachePath), level);

        Assert.Equal(without, cold);
        Assert.Equal(without, warm);
        Assert.Equal((0, 0), (first.Cache!.ReusedSegments, first.Cache.FailureCount));
        Assert.Equal((first.Cache.CompressedSegments, 0, 0), (second.Cache!.ReusedSegments, second.Cache.CompressedSegments, second.Cache.FailureCount));
        Assert.InRange(first.Cache.CompressedSegments, 6, 20);
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.TarDigest, second.TarDigest);
        Assert.Equal(0, (await PackAsync(content, PackCache.Open(CachePath), Another(level))).Result.Cache!.ReusedSegments);
    }

    [Theory]
    [InlineData(DeflateLevel.Store, 0)]
    [InlineData(DeflateLevel.Default, 1)]
    public async Task PackAsync_ContentThatDoesNotGetSmaller_IsNotStored(DeflateLevel level, int most)
    {
        PackResult packed = (await PackAsync(Contents.Random(ContentBytes), PackCache.Open(CachePath), level)).Result;

        Assert.Null(packed.Cache!.Warning);
        Assert.InRange(Entries().Length, 0, most);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(ContentBytes / 2)]
    [InlineData(ContentBytes - 1)]
    public async Task PackAsync_OneByteChanged_CompressesWhatIsAroundIt(int at)
    {
        byte[] content = Contents.Text(ContentBytes);
        PackCache cache = PackCache.Open(CachePath);
        long all = (await PackAsync(content, cache)).Result.Cache!.CompressedSegments;
        content[at] ^= 1;

        (byte[] bytes, PackResult packed) = await PackAsync(content, cache);

        Assert.Equal((await PackAsync(content, null)).Bytes, bytes);
        Assert.InRange(packed.Cache!.CompressedSegments, 1, 3);
        Assert.InRange(packed.Cache.ReusedSegments, all - 3, all + 3);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task PackAsync_DamagedEntries_AreNotUsedAndReplaced(string damage)
    {
        byte[] content = Contents.Text(ContentBytes);
        PackCache cache = PackCache.Open(CachePath);
        (byte[] first, PackResult cold) = await PackAsync(content, cache);
        FileInfo[] entries = Entries();
        byte[][] whole = [.. entries.Select(entry => File.ReadAllBytes(entry.FullName))];
        for (int i = 0; i < entries.Length; i++)
        {
            Spoil(entries[i].FullName, damage, whole[i], whole[(i + 1) % entries.Length]);
        }

        (byte[] second, PackResult packed) = await PackAsync(content, cache);

        Assert.Equal(first, second);
        Assert.Equal((0, cold.Cache!.CompressedSegments), (packed.Cache!.ReusedSegments, packed.Cache.CompressedSegments));
        if (damage is not ("a directory" or "a link to nothing"))
        {
            Assert.Equal(entries.Length, packed.Cache.FailureCount);
            Assert.Contains("is damaged", packed.Cache.Warning, StringComparison.Ordinal);
        }

        if (damage != "a directory")
        {
            Assert.Equal(0, (await PackAsync(content, cache)).Result.Cache!.CompressedSegments);
        }
    }

    [Fact]
    public async Task PackAsync_AnyByteOfAnEntryFlipped_IsNoticed()
    {
        byte[] content = Contents.Text(20_000);
        PackCache cache = PackCache.Open(CachePath);
        byte[] first = (await PackAsync(content, cache)).Bytes;
        FileInfo entry = Entries().MaxBy(file => file.Length)!;
        byte[] whole = await File.ReadAllBytesAsync(entry.FullName, Cancellation);
        for (int i = 0; i < whole.Length; i = i < SegmentReuse.HeadBytes ? i + 1 : i + 97)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= 0x10;
            await File.WriteAllBytesAsync(entry.FullName, flipped, Cancellation);

            (byte[] bytes, PackResult packed) = await PackAsync(content, cache);

            Assert.Equal(first, bytes);
            Assert.Equal((1, 1), (packed.Cache!.CompressedSegments, packed.Cache.FailureCount));
        }
    }

    [Fact]
    public async Task PackAsync_FolderThatCannotBe_PacksWithAWarning()
    {
        _directory.Write("file");
        byte[] content = Contents.Text(ContentBytes);

        (byte[] bytes, PackResult packed) = await PackAsync(content, PackCache.Open(_directory.PathOf("file/cache")));

        Assert.Equal((await PackAsync(content, null)).Bytes, bytes);
        Assert.Contains("cannot be written", packed.Cache!.Warning, StringComparison.Ordinal);
        Assert.InRange(packed.Cache.FailureCount, 1, 16);
    }

    [Fact]
    public async Task PackAsync_FullDisk_PacksWithAWarning()
    {
        // What is written to this device finds no room.
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "there is no /dev/full");
        byte[] content = Contents.Text(2_000_000);
        PackCache cache = PackCache.Open(CachePath);
        Directory.CreateDirectory(cache.Folder.PartialDirectory);
        File.CreateSymbolicLink(cache.Folder.UsageFile, "/dev/full");

        (byte[] bytes, PackResult packed) = await PackAsync(content, cache);

        Assert.Equal((await PackAsync(content, null)).Bytes, bytes);
        Assert.Contains("cannot be written", packed.Cache!.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackAsync_ManyAtOnceOnOneFolder_AllGiveTheSameBytes()
    {
        byte[] content = Contents.Text(ContentBytes);
        Digest expected = (await PackAsync(content, null)).Result.Digest;
        PackCache cache = PackCache.Open(CachePath);

        PackResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i => (await PackAsync(content, i % 2 == 0 ? cache : PackCache.Open(CachePath))).Result));

        Assert.All(results, result => Assert.Equal((expected, null), (result.Digest, result.Cache!.Warning)));
        Assert.Empty(Directory.EnumerateFiles(cache.Folder.PartialDirectory));
    }

    [Fact]
    public async Task PackAsync_FolderDroppedMeanwhile_PacksOn()
    {
        byte[] content = Contents.Text(ContentBytes);
        PackCache cache = PackCache.Open(CachePath);
        Digest expected = (await PackAsync(content, cache)).Result.Digest;
        using CancellationTokenSource stop = new();
        Task dropping = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        Directory.Delete(CachePath, recursive: true);
                    }
                    catch (IOException)
                    {
                    }
                }
            },
            Cancellation);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(expected, (await PackAsync(content, cache)).Result.Digest);
        }

        await stop.CancelAsync();
        await dropping;
    }

    public void Dispose() => _directory.Dispose();

    private static DeflateLevel Another(DeflateLevel level) => level == DeflateLevel.Fast ? DeflateLevel.Default : DeflateLevel.Fast;

    private static void Spoil(string path, string damage, byte[] whole, byte[] another)
    {
        byte[] Flipped(int at) => [.. whole[..at], (byte)(whole[at] ^ 0x40), .. whole[(at + 1)..]];
        if (damage is "a directory" or "a link to nothing")
        {
            File.Delete(path);
            _ = damage == "a directory" ? Directory.CreateDirectory(path) : File.CreateSymbolicLink(path, "nothing");
            return;
        }

        File.WriteAllBytes(path, damage switch
        {
            "empty" => [],
            "cut" => whole[..^1],
            "cut in the head" => whole[..40],
            "longer" => [.. whole, 0],
            "magic" => Flipped(0),
            "key" => Flipped(20),
            "length" => Flipped(41),
            "crc" => Flipped(45),
            "compressed length" => Flipped(48),
            "reserved" => Flipped(55),
            "entry crc" => Flipped(62),
            "content" => Flipped(whole.Length / 2),
            "last byte" => Flipped(whole.Length - 1),
            _ => another,
        });
    }

    private static async Task<(byte[] Bytes, PackResult Result)> PackAsync(byte[] content, PackCache? cache, DeflateLevel level = DeflateLevel.Default)
    {
        using MemoryStream output = new();
        TarItem item = new(new("file", TarMemberKind.File), TarContent.FromBytes(content));
        PackResult result = await TarPacker.PackAsync(new[] { item }.ToAsyncEnumerable(), output, new() { Compression = PackCompression.Gzip(level), Cache = cache }, Cancellation);
        return (output.ToArray(), result);
    }

    private FileInfo[] Entries()
    {
        DirectoryInfo segments = new(PackCache.Open(CachePath).Folder.DirectoryOf(CacheFolder.Segments));
        return segments.Exists ? segments.GetFiles("*", SearchOption.AllDirectories) : [];
    }
}
