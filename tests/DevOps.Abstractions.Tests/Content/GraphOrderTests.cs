using System.Text;
using DevOps.Oci;
using DevOps.Testing.Content;

namespace DevOps.Content.Tests;

/// <summary>What a copy asks, in which order it writes, and where it ends.</summary>
public sealed class GraphOrderTests
{
    private readonly TestStore _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Source: oras-dotnet 0.8, whose copy passed over what another task had only begun.
    public async Task CopyAsync_SharedChildIsStillUnderWay_NoParentIsWritten()
    {
        Descriptor shared = _source.Add(MediaTypes.LayerGzip, "shared"u8.ToArray());
        Graph[] images = [.. Enumerable.Range(0, 4).Select(i => Graph.Of(_source, $"image {i}", [shared]))];
        Descriptor root = _source.Add(ImageIndex.Create(images.Select(image => image.Root)));
        TaskCompletionSource others = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int configs = 0;
        TestStore target = new();
        target.Before = async (operation, descriptor, _) =>
        {
            if (operation == StoreOperation.Write && descriptor == shared)
            {
                // It ends only when every parent has nothing else to wait for.
                await others.Task;
                Assert.DoesNotContain(target.Written, written => MediaTypes.IsManifest(written.MediaType));
            }

            if (operation == StoreOperation.Write && descriptor.MediaType == MediaTypes.ImageConfig && Interlocked.Increment(ref configs) == images.Length)
            {
                others.SetResult();
            }
        };
        await _source.CopyAsync(root, target, options: new() { MaxConcurrency = 8 }, cancellationToken: Cancellation);
        Assert.Single(target.Written, written => written == shared);
        Assert.Equal(root, target.Written[^1]);
    }

    [Fact]
    public async Task CopyAsync_TargetThatTagsAsItWrites_GetsTheRootOnce()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        TaggedStore target = new();
        CopyResult result = await _source.CopyAsync(graph.Root, target, "1", cancellationToken: Cancellation);
        Assert.Equal(["1"], target.Taken);
        Assert.Empty(target.Logged(StoreOperation.Tag));
        Assert.Single(target.Written, written => written == graph.Root);
        Assert.Equal(graph.Root, result.Copied[^1]);
    }

    [Theory]
    [InlineData(HeldManifests.Check, 1, 0)]
    [InlineData(HeldManifests.Trust, 0, 1)]
    public async Task CopyAsync_HeldRoot_IsOnlyTagged(HeldManifests held, int taken, int tagged)
    {
        Graph graph = Graph.Image(_source, layers: 1);
        TaggedStore target = new();
        await _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation);
        CopyResult result = await _source.CopyAsync(graph.Root, target, "1", new() { HeldManifests = held }, cancellationToken: Cancellation);
        Assert.Equal((taken, tagged), (target.Taken.Count, target.Logged(StoreOperation.Tag).Count));
        Assert.Empty(result.Copied);
        Assert.Contains(graph.Root, result.Skipped);
    }

    [Fact]
    public async Task CopyAsync_TaggingFails_IsTheTargetsFault()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        TaggedStore target = new() { Before = (operation, descriptor, _) => operation == StoreOperation.Write && descriptor == graph.Root ? throw new IOException("full") : Task.CompletedTask };
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, target, "1", cancellationToken: Cancellation));
        Assert.Equal((CopySide.Target, graph.Root), (error.Side, error.Descriptor));
    }

    [Fact]
    public async Task CopyAsync_KnownContent_IsNotAskedFor()
    {
        Graph graph = Graph.Image(_source, layers: 3);
        TestStore target = new();
        target.Add(MediaTypes.LayerGzip, Encoding.UTF8.GetBytes("image, layer 0"));
        CopyOptions options = new() { KnownContent = content => content == graph.Layers[0] ? true : content == graph.Layers[1] || content == graph.Root ? false : null };
        CopyResult result = await _source.CopyAsync(graph.Root, target, options: options, cancellationToken: Cancellation);
        Assert.Equal([graph.Layers[0]], result.Skipped);
        Assert.Equal(new HashSet<Descriptor>([graph.Layers[2], graph.Config]), target.Logged(StoreOperation.Contains).ToHashSet());
        Assert.True(target.Holds(graph.Root));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(7, false)]
    public async Task CopyAsync_ManyContents_AreBounded(int maxContents, bool accepted)
    {
        Descriptor root = _source.Add(ImageIndex.Create(Graph.Image(_source, layers: 1, "one").Root, Graph.Image(_source, layers: 2, "two").Root));
        TestStore target = new();
        Task<CopyResult> copy = _source.CopyAsync(root, target, options: new() { MaxContents = maxContents, MaxConcurrency = 1 }, cancellationToken: Cancellation);
        if (accepted)
        {
            Assert.Equal(8, (await copy).Copied.Length);
        }
        else
        {
            ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => copy);
            Assert.IsType<InvalidContentException>(error.InnerException);
            Assert.False(target.Holds(root));
        }
    }

    [Fact]
    public async Task CopyAsync_EmbeddedContent_IsNotOpenedAndNotMounted()
    {
        Descriptor right = Descriptor.ForContent(MediaTypes.Layer, "right"u8) with { Data = "right"u8.ToArray() };
        Descriptor wrong = _source.Add(MediaTypes.Layer, "other"u8.ToArray()) with { Data = "wrong"u8.ToArray() };
        Descriptor root = _source.Add(ImageManifest.Create(Descriptor.EmptyJson, right, wrong));

        // Bytes that are not what was named are passed over: that content goes the way of all.
        Reopening target = new();
        await _source.CopyAsync(root, target, cancellationToken: Cancellation);
        Assert.Equal([wrong], target.Opened);

        List<Descriptor> mounted = [];
        await _source.CopyAsync(root, new MountingStore((descriptor, _) =>
        {
            mounted.Add(descriptor);
            return false;
        }), cancellationToken: Cancellation);
        Assert.Equal([wrong], mounted);
    }
}
