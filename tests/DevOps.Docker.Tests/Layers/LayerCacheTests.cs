using DevOps.Archives.Caching;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Docker.Tests;

public sealed class LayerCacheTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public LayerCacheTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells when a file was changed");
        byte[] noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        _directory.Write("tree/lib/text", string.Join('\n', Enumerable.Range(0, 100_000)));
        _directory.Write("tree/lib/noise", noise);
        _directory.Link("tree/link", "lib/text");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LayerOptions Options => new() { Cache = PackCache.Open(_directory.PathOf("cache"), new() { TimeProvider = new Ahead() }) };

    [Theory]
    [InlineData("directory")]
    [InlineData("files")]
    [InlineData("entries")]
    public async Task BuildAsync_UnchangedLayer_IsFound(string kind)
    {
        string text = _directory.PathOf("tree/lib/text");
        Layer layer = kind switch
        {
            "directory" => Layer.FromDirectory(_directory.PathOf("tree")),
            "files" => Layer.FromFiles("files", [new(text, "/app/text"), new(_directory.PathOf("tree/link"), "/app/link")]),
            _ => Layer.FromEntries("entries", [LayerEntry.Whiteout("/etc/motd"), LayerEntry.File("/a", "b"u8.ToArray()), new(new("file", TarMemberKind.File), TarContent.FromFile(text))]),
        };
        using MemoryStream expected = new();
        BuiltLayer without = await layer.BuildAsync(expected, cancellationToken: Cancellation);

        Assert.Equal(CacheOutcome.Packed, (await BuildAsync(layer)).Cache!.Outcome);
        BuiltLayer found = await BuildAsync(layer);

        Assert.Equal(CacheOutcome.FoundByStatus, found.Cache!.Outcome);
        Assert.Equal(without, found with { Cache = null });
        await File.AppendAllTextAsync(text, "more", Cancellation);
        Assert.Equal(CacheOutcome.Packed, (await BuildAsync(layer)).Cache!.Outcome);

        async Task<BuiltLayer> BuildAsync(Layer described)
        {
            using MemoryStream output = new();
            BuiltLayer built = await described.BuildAsync(output, Options, cancellationToken: Cancellation);
            Assert.Equal(built.Descriptor.Digest, Digest.Compute(output.ToArray()));
            return built;
        }
    }

    [Fact]
    public async Task BuildToFileAsync_Found_TellsTheProgressOfAllBytes()
    {
        Layer layer = Layer.FromDirectory(_directory.PathOf("tree"));
        BuiltLayer first = await layer.BuildToFileAsync(_directory.PathOf("first"), Options, cancellationToken: Cancellation);
        RecordingProgress<LayerProgress> progress = new();

        BuiltLayer second = await layer.BuildToFileAsync(_directory.PathOf("second"), Options, progress, Cancellation);

        Assert.Equal(first.Descriptor, second.Descriptor);
        Assert.Equal(await File.ReadAllBytesAsync(_directory.PathOf("first"), Cancellation), await File.ReadAllBytesAsync(_directory.PathOf("second"), Cancellation));
        Assert.Equal(new(layer.Description, new(second.UncompressedSizeBytes, second.UncompressedSizeBytes, second.Descriptor.SizeBytes), second), progress.Reports[^1]);
    }

    [Fact]
    public async Task BuildAsync_EntriesThatComeOnce_AreReadOnceAndReuseSegments()
    {
        int readings = 0;
        async IAsyncEnumerable<TarItem> Entries()
        {
            await Task.Yield();
            Assert.Equal(1, ++readings);
            yield return new(new("file", TarMemberKind.File), TarContent.FromBytes(await File.ReadAllBytesAsync(_directory.PathOf("tree/lib/text"), Cancellation)));
        }

        BuiltLayer first = await Layer.FromEntries("stream", Entries()).BuildAsync(Stream.Null, Options, cancellationToken: Cancellation);
        readings = 0;
        BuiltLayer second = await Layer.FromEntries("stream", Entries()).BuildAsync(Stream.Null, Options, cancellationToken: Cancellation);

        Assert.Equal((CacheOutcome.Packed, 0L, first.Cache!.CompressedSegments), (second.Cache!.Outcome, second.Cache.CompressedSegments, second.Cache.ReusedSegments));
    }

    [Fact]
    public async Task BuildAsync_Image_KeepsItsLayersWhenTheCacheGoes()
    {
        ImageBuilder builder = ImageBuilder.Scratch.WithLayer(Layer.FromDirectory(_directory.PathOf("tree"))).WithLayer(Layer.FromDirectory(_directory.PathOf("tree"), null, "the same again"));
        ImageBuildOptions options = new() { Layers = Options, WorkDirectory = _directory.MakeDirectory("work") };
        Digest first;
        await using (BuiltImage image = await builder.BuildAsync(null, options, cancellationToken: Cancellation))
        {
            first = image.Digest;
        }

        await using BuiltImage again = await builder.BuildAsync(null, options, cancellationToken: Cancellation);
        Directory.Delete(_directory.PathOf("cache"), recursive: true);

        Assert.Equal(first, again.Digest);
        Assert.All(again.Layers, layer => Assert.Equal(CacheOutcome.FoundByStatus, layer.Cache!.Outcome));
        await using Stream content = await again.OpenReadAsync(again.Layers[0].Descriptor, Cancellation);
        await content.CopyToAsync(Stream.Null, Cancellation);
        await again.DisposeAsync();
        Assert.Empty(Directory.GetDirectories(_directory.PathOf("work")));
    }

    [Fact]
    public async Task BuildAsync_LayerInTheCacheOnABaseWhoseLinkItReplaces_IsRefused()
    {
        await using BuiltImage @base = await ImageBuilder.Scratch.WithLayer(Layer.FromEntries("links", [LayerEntry.SymbolicLink("/lib", "usr/lib")])).BuildAsync(cancellationToken: Cancellation);
        Layer layer = Layer.FromDirectory(_directory.PathOf("tree"));
        await layer.BuildAsync(Stream.Null, Options, cancellationToken: Cancellation);

        await Assert.ThrowsAsync<BaseLinkException>(() => ImageBuilder.From(@base, @base.Descriptor).WithLayer(layer).BuildAsync(null, new() { Layers = Options }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task BuildAsync_NameThatDeletes_IsRefusedWithACacheToo()
    {
        _directory.Write("tree/.wh.x");

        await Assert.ThrowsAsync<DirectoryEntryException>(() => Layer.FromDirectory(_directory.PathOf("tree")).BuildAsync(Stream.Null, Options, cancellationToken: Cancellation));
    }

    public void Dispose() => _directory.Dispose();

    // What was written just now looks old.
    private sealed class Ahead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(1);
    }
}
