using DevOps.Archives.Caching;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Archives.Tests.Compression.Deflate;
using DevOps.Testing;

namespace DevOps.Archives.Tests.Caching;

public sealed class CacheTrimTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PackAsync_MoreThanTheBound_KeepsWhatWasUsedLast()
    {
        byte[] first = Contents.Text(3_000_000);
        PackCache cache = Open(long.MaxValue);
        await PackAsync(first, cache);
        long size = Held(cache);
        PackCache bounded = Open(size * 5 / 2);
        byte[] second = [.. first.Reverse()];
        byte[] third = [.. first.Select(value => (byte)(value ^ 3))];
        await PackAsync(second, bounded);
        Age(bounded, TimeSpan.FromHours(2));
        Assert.Equal(0, (await PackAsync(first, bounded)).Cache!.CompressedSegments);

        PackResult packed = await PackAsync(third, bounded);

        Assert.Null(packed.Cache!.Warning);
        Assert.InRange(Held(bounded), size, size * 5 / 2);
        Assert.Equal(0, (await PackAsync(first, bounded)).Cache!.CompressedSegments);
        Assert.NotEqual(0, (await PackAsync(second, bounded)).Cache!.CompressedSegments);
    }

    [Fact]
    public async Task PackAsync_ManyAtOnceUnderASmallBound_AllGiveTheSameBytesAndItHolds()
    {
        byte[] content = Contents.Text(3_000_000);
        PackResult alone = await PackAsync(content, null);
        PackCache cache = Open(alone.SizeBytes * 2 / 3);
        for (int round = 0; round < 3; round++)
        {
            PackResult[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PackAsync(content, cache)));
            Assert.All(results, result => Assert.Equal((alone.Digest, null), (result.Digest, result.Cache!.Warning)));
        }

        CacheTrim.Trim(cache);
        Assert.InRange(Held(cache), 1, cache.Options.MaxBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("99999999999999999999999\n")]
    [InlineData("-5\n")]
    [InlineData("no number\n")]
    [InlineData("9000000000000000000\n9000000000000000000\n")]
    public async Task PackAsync_DamagedUsage_IsCountedAgain(string usage)
    {
        PackCache cache = Open(long.MaxValue);
        await PackAsync(Contents.Text(100_000), cache);
        await File.WriteAllTextAsync(cache.Folder.UsageFile, usage, Cancellation);

        PackResult packed = await PackAsync(Contents.Text(200_000), cache);

        Assert.Null(packed.Cache!.Warning);
        if (usage.Length > 0)
        {
            Assert.Equal($"{Held(cache)}\n", await File.ReadAllTextAsync(cache.Folder.UsageFile, Cancellation));
        }
    }

    [Fact]
    public async Task PackAsync_LeftoversOfAKilledProcess_GoWhenTheyAreOld()
    {
        PackCache cache = Open(long.MaxValue);
        await PackAsync(Contents.Text(100_000), cache);
        string old = Path.Combine(cache.Folder.PartialDirectory, "old.partial");
        string fresh = Path.Combine(cache.Folder.PartialDirectory, "new.partial");
        await File.WriteAllTextAsync(old, "half", Cancellation);
        await File.WriteAllTextAsync(fresh, "half", Cancellation);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));

        await PackAsync(Contents.Text(200_000), cache);

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(fresh));
    }

    [Fact]
    public async Task PackAsync_FilesOfSomeoneElseInTheFolder_AreLeftAlone()
    {
        PackCache cache = Open(200_000);
        string[] foreign = [_directory.Write("cache/notes", new byte[300_000]), _directory.Write("cache/1/segments/readme", new byte[300_000]), _directory.Write("cache/1/blobs/ab/readme", new byte[300_000])];

        await PackAsync(Contents.Text(2_000_000), cache);
        PackResult packed = await PackAsync(Contents.Text(2_000_001), cache);

        Assert.Null(packed.Cache!.Warning);
        Assert.All(foreign, path => Assert.Equal(300_000, new FileInfo(path).Length));
    }

    public void Dispose() => _directory.Dispose();

    private PackCache Open(long maxBytes) => PackCache.Open(_directory.PathOf("cache"), new() { MaxBytes = maxBytes });

    private static void Age(PackCache cache, TimeSpan by)
    {
        foreach (string path in Directory.EnumerateFiles(cache.Folder.DirectoryOf(CacheFolder.Segments), "*", SearchOption.AllDirectories))
        {
            File.SetLastAccessTimeUtc(path, DateTime.UtcNow - by);
        }
    }

    private static long Held(PackCache cache) =>
        CacheFolder.Kinds.Select(kind => new DirectoryInfo(cache.Folder.DirectoryOf(kind))).Where(directory => directory.Exists)
            .Sum(directory => directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));

    private static Task<PackResult> PackAsync(byte[] content, PackCache? cache) =>
        TarPacker.PackAsync(new[] { new TarItem(new("file", TarMemberKind.File), TarContent.FromBytes(content)) }.ToAsyncEnumerable(), Stream.Null, new() { Cache = cache }, Cancellation);
}
