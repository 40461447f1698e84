using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;

namespace DevOps.Content.Tests;

public sealed class ContentCopyingTests
{
    private readonly TestStore _source = new();
    private readonly TestStore _target = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAsync_TargetTrusted_AsksForTheRootAlone()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);

        CopyResult again = await _source.CopyAsync(graph.Root, _target, options: new() { HeldManifests = HeldManifests.Trust }, cancellationToken: Cancellation);

        Assert.Equal([graph.Root], again.Skipped);
    }

    [Fact]
    public async Task CopyAsync_TargetLostALayerOfAnImageItHolds_GetsItAgain()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        ManifestDocument manifest = await _source.ReadManifestAsync(graph.Root, Cancellation);
        await _source.CopyAsync(graph.Root, new Missing(_target, manifest.Children[1]), cancellationToken: Cancellation);

        CopyResult again = await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);

        Assert.Equal([manifest.Children[1]], again.Copied);
        await _target.VerifyAsync(graph.Root, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task CopyAsync_IndexOfManyManifests_OpensAFewAtOnce()
    {
        Descriptor[] images = [.. Enumerable.Range(0, 40).Select(i => Graph.Image(_source, layers: 1, name: $"image {i}").Root)];
        ImageIndex index = ImageIndex.Create(images);
        await _source.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), Cancellation);
        OpenManifests watched = new(_source);

        await watched.CopyAsync(index.Descriptor, new Telling(_target, watched), options: new() { MaxConcurrency = 2 }, cancellationToken: Cancellation);

        Assert.InRange(watched.Most, 1, 3);
    }

    [Fact]
    public async Task CopyAsync_Tag_IsSetLast()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        await _source.CopyAsync(graph.Root, _target, "1.0", cancellationToken: Cancellation);
        Assert.Equal(graph.Root, _target.Tags["1.0"]);
        Assert.Equal(4, _target.Written.Count);

        // Everything is there now, and a tag still can be set.
        CopyResult again = await _source.CopyAsync(graph.Root, _target, "2.0", cancellationToken: Cancellation);
        Assert.Equal(4, again.Skipped.Length);
        Assert.Empty(again.Copied);
        Assert.Equal(graph.Root, _target.Tags["2.0"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-a")]
    public async Task CopyAsync_MalformedTag_MovesNothing(string tag)
    {
        Graph graph = Graph.Image(_source, layers: 1);
        await Assert.ThrowsAsync<ArgumentException>(() => _source.CopyAsync(graph.Root, _target, tag, cancellationToken: Cancellation));
        Assert.Empty(_target.Logged(StoreOperation.Contains));
    }

    [Fact]
    public async Task CopyAsync_TagForATargetWithoutTags_MovesNothing()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            _source.CopyAsync(graph.Root, new Untagged(), "a", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task CopyAsync_TagFails_IsTheTargetsFault()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        IOException cause = new("no tags today");
        _target.Before = (operation, _, _) => operation == StoreOperation.Tag ? throw cause : Task.CompletedTask;
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() =>
            _source.CopyAsync(graph.Root, _target, "a", cancellationToken: Cancellation));
        Assert.Equal(CopySide.Target, error.Side);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public async Task CopyAsync_NullArguments_Throws()
    {
        Descriptor root = ImageIndex.Create().Descriptor;
        await Assert.ThrowsAsync<ArgumentNullException>(() => ((IContentSource)null!).CopyAsync(root, _target, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _source.CopyAsync(null!, _target, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _source.CopyAsync(root, null!, cancellationToken: Cancellation));
    }

    [Fact]
    public void CopyOptions_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CopyOptions { MaxConcurrency = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CopyOptions { MaxDepth = 0 });
        Assert.Equal((4, 8), (CopyOptions.Default.MaxConcurrency, CopyOptions.Default.MaxDepth));
    }

    [Fact]
    public async Task VerifyAsync_WholeImage_ReadsEverything()
    {
        Graph graph = Graph.Image(_source, layers: 3);
        RecordingProgress<ContentProgress> progress = new();
        CopyResult result = await _source.VerifyAsync(graph.Root, progress, Cancellation);

        Assert.Equal(5, result.Copied.Length);
        Assert.Equal(graph.Root, result.Copied[^1]);
        Assert.Equal(3, result.CopiedLayers);
        Assert.All(progress.Reports, report => Assert.Equal(ContentPhase.Verified, report.Phase));
        Assert.Equal(5, progress.Reports.Count);
    }

    [Fact]
    public async Task VerifyAsync_DamagedOrMissing_ThrowsTheCause()
    {
        Graph graph = Graph.Image(_source, layers: 3);
        _source.Replace(graph.Layers[1], new byte[(int)graph.Layers[1].SizeBytes]);
        await Assert.ThrowsAsync<DigestMismatchException>(() => _source.VerifyAsync(graph.Root, cancellationToken: Cancellation));

        _source.Replace(graph.Layers[1], [1]);
        await Assert.ThrowsAsync<SizeMismatchException>(() => _source.VerifyAsync(graph.Root, cancellationToken: Cancellation));

        _source.Remove(graph.Layers[1]);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => _source.VerifyAsync(graph.Root, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task VerifyAsync_DamagedContentThatIsEmbeddedToo_ThrowsTheCause()
    {
        Descriptor layer = _source.Add(MediaTypes.Layer, "right"u8.ToArray()) with { Data = "right"u8.ToArray() };
        Descriptor root = _source.Add(ImageManifest.Create(Descriptor.EmptyJson, layer));
        _source.Add(MediaTypes.EmptyJson, "{}"u8.ToArray());
        _source.Replace(layer, "wrong"u8.ToArray());
        await Assert.ThrowsAsync<DigestMismatchException>(() => _source.VerifyAsync(root, cancellationToken: Cancellation));
    }

    private sealed class Untagged : IContentStore
    {
        public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Nothing is to be read.");

        public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Nothing is to be asked.");

        public Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Nothing is to be written.");
    }
}
