using DevOps.Archives.Caching;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tests.Compression.Deflate;
using DevOps.Testing;

namespace DevOps.Archives.Tests.Caching;

/// <summary>A tree on disk, a cache beside it, and the archive that the tree should become.</summary>
internal sealed class CachedTree : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    internal CachedTree()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells when a file was changed");
        Write("a/text", Contents.Text(1_500_000));
        Write("a/empty", []);
        Write("b/random", Contents.Random(300_000));
        _directory.Link("tree/link", "a/text");
    }

    internal string Path => PathOf("tree");

    internal string Output => PathOf("out");

    internal string CachePath => PathOf("cache");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    internal string PathOf(string relative) => _directory.PathOf(relative);

    internal string Write(string relative, byte[] content) => _directory.Write($"tree/{relative}", content);

    internal PackCache Open(PackCacheOptions? options = null) => PackCache.Open(CachePath, options ?? new() { TimeProvider = OffsetClock.Ahead });

    internal string[] Entries(string kind) => Directory.GetFiles(System.IO.Path.Combine(CachePath, "1", kind), "*", SearchOption.AllDirectories);

    internal Task<PackResult> PackAsync(PackCache cache, PackOptions? options = null, string? output = null, DirectoryOptions? directory = null, string? tree = null) =>
        cache.PackToFileAsync(() => DirectoryReader.Read(tree ?? Path, directory).ToAsyncEnumerable(), output ?? Output, options, Cancellation);

    /// <summary>Packs, and fails the test unless the bytes are those of a pack without cache.</summary>
    internal async Task<CacheUse> PackRightAsync(PackCache cache, PackOptions? options = null, DirectoryOptions? directory = null, string? tree = null)
    {
        using MemoryStream expected = new();
        PackResult plain = await TarPacker.PackAsync(DirectoryReader.Read(tree ?? Path, directory).ToAsyncEnumerable(), expected, options, Cancellation);

        PackResult packed = await PackAsync(cache, options, null, directory, tree);

        Assert.Equal(plain, packed with { Cache = null });
        Assert.Equal(expected.ToArray(), await File.ReadAllBytesAsync(Output, Cancellation));
        return packed.Cache!;
    }

    internal async Task<(byte[] Bytes, CacheUse Use)> StreamAsync(PackCache cache)
    {
        using MemoryStream output = new();
        PackResult packed = await cache.PackAsync(() => DirectoryReader.Read(Path).ToAsyncEnumerable(), output, null, Cancellation);
        return (output.ToArray(), packed.Cache!);
    }
}
