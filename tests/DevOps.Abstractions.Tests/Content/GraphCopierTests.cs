using System.Text;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;
using DevOps.Testing.Streams;

namespace DevOps.Content.Tests;

public sealed class GraphCopierTests
{
    private readonly TestStore _source = new();
    private readonly TestStore _target = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task CopyAsync_NestedDiamond_ChildrenComeFirstAndOnce(int concurrency)
    {
        Descriptor root = Diamond(out int distinct);
        CopyResult result = await _source.CopyAsync(root, _target, options: new() { MaxConcurrency = concurrency }, cancellationToken: Cancellation);

        Assert.Equal(distinct, result.Copied.Length);
        Assert.Equal(distinct, result.Copied.Distinct().Count());
        Assert.Equal(distinct, _target.Written.Count);
        Assert.Equal(distinct, _source.Logged(StoreOperation.OpenRead).Count);
        Assert.Equal(root, result.Copied[^1]);
        foreach (Descriptor parent in result.Copied.Where(descriptor => MediaTypes.IsManifest(descriptor.MediaType)))
        {
            ManifestDocument document = await _target.ReadManifestAsync(parent, Cancellation);
            Assert.All(document.Children, child => Assert.InRange(result.Copied.IndexOf(child), 0, result.Copied.IndexOf(parent) - 1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task CopyAsync_ManyLayers_StayBelowTheBound(int concurrency)
    {
        Graph graph = Graph.Image(_source, layers: 30);
        _target.Before = async (_, _, _) => await Task.Yield();
        await _source.CopyAsync(graph.Root, _target, options: new() { MaxConcurrency = concurrency }, cancellationToken: Cancellation);

        Assert.InRange(_target.PeakConcurrency, 1, concurrency);
        Assert.InRange(_source.PeakConcurrency, 1, concurrency);
    }

    [Fact]
    public async Task CopyAsync_TwoSlots_AreUsedTogether()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int waiting = 0;
        _target.Before = (operation, descriptor, _) =>
        {
            if (operation != StoreOperation.Write || !graph.Layers.Contains(descriptor))
            {
                return Task.CompletedTask;
            }

            if (Interlocked.Increment(ref waiting) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        };
        await _source.CopyAsync(graph.Root, _target, options: new() { MaxConcurrency = 2 }, cancellationToken: Cancellation);
        Assert.Equal(2, waiting);
    }

    [Fact]
    public async Task CopyAsync_PartThatIsThere_IsSkipped()
    {
        Graph graph = Graph.Image(_source, layers: 3);
        _target.Add(MediaTypes.LayerGzip, Encoding.UTF8.GetBytes("image, layer 1"));
        RecordingProgress<ContentProgress> progress = new();
        CopyResult result = await _source.CopyAsync(graph.Root, _target, progress: progress, cancellationToken: Cancellation);

        Assert.Equal([graph.Layers[1]], result.Skipped);
        Assert.Equal(2, result.CopiedLayers);
        Assert.Equal(result.Copied.Sum(descriptor => descriptor.SizeBytes), result.CopiedBytes);
        Assert.DoesNotContain(graph.Layers[1], _source.Logged(StoreOperation.OpenRead));
        Assert.Equal(ContentPhase.Skipped, Assert.Single(progress.Reports, report => report.Descriptor == graph.Layers[1]).Phase);
        Assert.Equal([ContentPhase.Started, ContentPhase.Copied], progress.Reports.Where(report => report.Descriptor == graph.Layers[0]).Select(report => report.Phase));
    }

    [Fact]
    public async Task CopyAsync_LargeBlob_TellsOfItsWayInSmallSteps()
    {
        Descriptor blob = _source.Add(MediaTypes.Layer, new byte[5 << 20]);
        RecordingProgress<ContentProgress> progress = new();
        await _source.CopyAsync(blob, _target, progress: progress, cancellationToken: Cancellation);

        List<long> advanced = [.. progress.Reports.Where(report => report.Phase == ContentPhase.Advanced).Select(report => report.TransferredBytes)];
        Assert.InRange(advanced.Count, 10, 40);
        Assert.Equal(advanced.Order(), advanced);
        Assert.Equal(new(blob, ContentPhase.Copied, 5 << 20), progress.Reports[^1]);
    }

    [Fact]
    public async Task CopyAsync_NonDistributableLayer_IsLeftOut()
    {
        Descriptor foreign = new(MediaTypes.DockerForeignLayerGzip, Digest.Compute("foreign"u8), 7) { Urls = ["https://example.com/layer"] };
        Graph graph = Graph.Of(_source, "windows", [foreign, _source.Add(MediaTypes.LayerGzip, "mine"u8.ToArray())]);
        CopyResult result = await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);

        Assert.DoesNotContain(foreign, result.Copied);
        Assert.DoesNotContain(foreign, _target.Logged(StoreOperation.Contains));
        Assert.True(_target.Holds(graph.Root));
    }

    [Fact]
    public async Task CopyAsync_EmbeddedData_IsUsedWhenRight()
    {
        Descriptor layer = Descriptor.ForContent(MediaTypes.Layer, "embedded"u8) with { Data = "embedded"u8.ToArray() };
        Descriptor root = _source.Add(ImageManifest.Create(Descriptor.EmptyJson, layer));
        await _source.CopyAsync(root, _target, cancellationToken: Cancellation);

        Assert.True(_target.Holds(layer));
        Assert.True(_target.Holds(Descriptor.EmptyJson));
        Assert.Equal([root], _source.Logged(StoreOperation.OpenRead));
    }

    [Fact]
    public async Task CopyAsync_WrongEmbeddedData_IsIgnored()
    {
        Descriptor layer = _source.Add(MediaTypes.Layer, "right"u8.ToArray()) with { Data = "wrong"u8.ToArray() };
        Descriptor root = _source.Add(ImageManifest.Create(Descriptor.EmptyJson, layer));
        await _source.CopyAsync(root, _target, cancellationToken: Cancellation);
        Assert.Equal("right"u8.ToArray(), (await _target.ReadAllBytesAsync(layer with { Data = null }, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task CopyAsync_Mountable_MovesNoBytes()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        MountingStore target = new((descriptor, source) => source == _source && descriptor == graph.Layers[0]);
        CopyResult result = await _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation);

        Assert.Equal([graph.Layers[0]], result.Mounted);
        Assert.DoesNotContain(graph.Layers[0], _source.Logged(StoreOperation.OpenRead));
        Assert.Equal(3, result.Copied.Length);
    }

    [Theory]
    [InlineData(StoreOperation.OpenRead, CopySide.Source)]
    [InlineData(StoreOperation.Write, CopySide.Target)]
    [InlineData(StoreOperation.Contains, CopySide.Target)]
    [InlineData(StoreOperation.Mount, CopySide.Target)]
    public async Task CopyAsync_OneSideFails_SaysWhichOnWhat(StoreOperation failing, CopySide side)
    {
        Graph graph = Graph.Image(_source, layers: 3);
        IOException cause = new("gone");
        MountingStore target = new((_, _) => false);
        (failing == StoreOperation.OpenRead ? _source : target).Before = (operation, descriptor, _) =>
            operation == failing && descriptor == graph.Layers[1] ? throw cause : Task.CompletedTask;
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation));

        Assert.Equal(side, error.Side);
        Assert.Equal(graph.Layers[1], error.Descriptor);
        Assert.Same(cause, error.InnerException);
        Assert.Contains(graph.Layers[1].Digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(target.Holds(graph.Root));
    }

    [Fact]
    public async Task CopyAsync_CauseNamesTheContent_NamesItOnce()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        string digest = graph.Layers[0].Digest.ToString();
        _source.Before = (operation, descriptor, _) => operation == StoreOperation.OpenRead && descriptor == graph.Layers[0] ? throw new IOException($"Could not read {digest}.") : Task.CompletedTask;
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation));
        Assert.Equal($"Copying failed at the source: Could not read {digest}.", error.Message);
    }

    [Fact]
    public async Task CopyAsync_ReadFailsInTheTargetsLoop_IsTheSourcesFault()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        IOException cause = new("cut");
        _source.Reader = (descriptor, content) => descriptor == graph.Layers[0] ? FaultyStream.ThrowingAt(content, 3, cause) : FaultyStream.Whole(content);
        foreach (RecordingProgress<ContentProgress>? progress in (RecordingProgress<ContentProgress>?[])[null, new()])
        {
            ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, progress: progress, cancellationToken: Cancellation));
            Assert.Equal(CopySide.Source, error.Side);
            Assert.Same(cause, error.InnerException);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task CopyAsync_OpenedStreams_AreAllDisposed(bool watched, bool failing)
    {
        Graph graph = Graph.Image(_source, layers: 3);
        List<FaultyStream> opened = [];
        _source.Reader = (_, content) =>
        {
            FaultyStream stream = FaultyStream.Whole(content);
            lock (opened)
            {
                opened.Add(stream);
            }

            return stream;
        };
        _target.Before = (operation, descriptor, _) => failing && operation == StoreOperation.Write && descriptor == graph.Layers[2] ? throw new IOException("full") : Task.CompletedTask;
        Task<CopyResult> copy = _source.CopyAsync(graph.Root, _target, progress: watched ? new RecordingProgress<ContentProgress>() : null, cancellationToken: Cancellation);
        Assert.Equal(failing, await Record.ExceptionAsync(() => copy) is not null);
        Assert.NotEmpty(opened);
        Assert.All(opened, stream => Assert.True(stream.IsDisposed));
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("manifest")]
    public async Task CopyAsync_DamagedSource_IsRefused(string what)
    {
        Graph graph = Graph.Image(_source, layers: 1);
        Descriptor damaged = what == "layer" ? graph.Layers[0] : graph.Root;
        _source.Reader = (descriptor, content) => descriptor == damaged ? FaultyStream.RandomChunks((byte[])[.. content[..^1], (byte)'!'], 1) : FaultyStream.Whole(content);
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation));

        Assert.Equal((CopySide.Source, damaged), (error.Side, error.Descriptor));
        Assert.IsType<DigestMismatchException>(error.InnerException);
        Assert.False(_target.Holds(damaged));
        Assert.False(_target.Holds(graph.Root));
    }

    [Fact]
    public async Task CopyAsync_SourceThatLiesAboutKind_IsRefused()
    {
        byte[] index = ImageIndex.Create().RawBytes.ToArray();
        Descriptor root = _source.Add(MediaTypes.ImageManifest, index);
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(root, _target, cancellationToken: Cancellation));
        Assert.IsType<InvalidContentException>(error.InnerException);
        Assert.Equal(0, _target.Count);
    }

    [Fact]
    public async Task CopyAsync_FirstFailure_StopsTheRestAndContinuesLater()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool stopped = false;
        _target.Before = async (operation, descriptor, cancellation) =>
        {
            if (operation == StoreOperation.Write && descriptor == graph.Layers[0])
            {
                started.SetResult();
                TaskCompletionSource forever = new();
                using CancellationTokenRegistration registration = cancellation.Register(() => forever.TrySetCanceled(cancellation));
                stopped = true;
                await forever.Task;
            }

            if (operation == StoreOperation.Write && descriptor == graph.Layers[1])
            {
                await started.Task;
                throw new IOException("full");
            }
        };
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation));
        Assert.Equal(graph.Layers[1], error.Descriptor);
        Assert.True(stopped);

        _target.Before = (_, _, _) => Task.CompletedTask;
        await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);
        Assert.Equal(4, _target.Count);
    }

    [Fact]
    public async Task CopyAsync_Cancelled_ThrowsCancellationOfTheCaller()
    {
        Graph graph = Graph.Image(_source, layers: 3);
        using CancellationTokenSource stop = new();
        _target.Before = async (operation, _, cancellation) =>
        {
            if (operation == StoreOperation.Write)
            {
                await stop.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        };
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: stop.Token));
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.False(_target.Holds(graph.Root));
    }

    [Fact]
    public async Task CopyAsync_ForeignCancellation_IsAFailureOfThatSide()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        _source.Before = (operation, descriptor, _) => descriptor == graph.Layers[0] ? throw new TaskCanceledException("a time limit of the client") : Task.CompletedTask;
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation));
        Assert.Equal(CopySide.Source, error.Side);
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(4, 3, false)]
    [InlineData(8, 8, true)]
    [InlineData(9, 8, false)]
    public async Task CopyAsync_NestedIndexes_AreBounded(int levels, int maxDepth, bool accepted)
    {
        Descriptor root = Graph.Image(_source, layers: 1).Root;
        for (int level = 1; level < levels; level++)
        {
            root = _source.Add(ImageIndex.Create(root));
        }

        Task<CopyResult> copy = _source.CopyAsync(root, _target, options: new() { MaxDepth = maxDepth }, cancellationToken: Cancellation);
        if (accepted)
        {
            Assert.Equal(levels + 2, (await copy).Copied.Length);
        }
        else
        {
            await Assert.ThrowsAnyAsync<DevOpsException>(() => copy);
            Assert.False(_target.Holds(root));
        }
    }

    [Fact]
    public async Task CopyAsync_ContentOfTwoTypes_ArrivesOnceInTheStore()
    {
        byte[] bytes = "same"u8.ToArray();
        Graph graph = Graph.Of(_source, "twice", [_source.Add(MediaTypes.Layer, bytes), _source.Add(MediaTypes.DockerLayer, bytes), _source.Add(MediaTypes.Layer, bytes)]);
        await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);
        Assert.Equal(3, _target.Count);
    }

    [Fact]
    public async Task CopyAsync_SiblingBreaksWhenStopped_ReportsTheFirstFailure()
    {
        Graph graph = Graph.Image(_source, layers: 2);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IOException cause = new("full");
        _target.Before = async (operation, descriptor, cancellation) =>
        {
            if (operation == StoreOperation.Write && descriptor == graph.Layers[0])
            {
                // As a connection does that is torn down: it breaks at once, with an error of its own and not with a cancellation.
                TaskCompletionSource torn = new();
                using CancellationTokenRegistration registration = cancellation.Register(() => torn.TrySetException(new IOException("torn down")));
                started.SetResult();
                await torn.Task;
            }

            if (operation == StoreOperation.Write && descriptor == graph.Layers[1])
            {
                await started.Task;
                throw cause;
            }
        };
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation));
        Assert.Equal((CopySide.Target, graph.Layers[1]), (error.Side, error.Descriptor));
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public async Task CopyAsync_TransferBreaksWhenCancelled_ThrowsCancellation()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        using CancellationTokenSource stop = new();
        _target.Before = async (operation, descriptor, _) =>
        {
            if (operation == StoreOperation.Write && descriptor == graph.Layers[0])
            {
                await stop.CancelAsync();
                throw new IOException("torn down");
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.CopyAsync(graph.Root, _target, cancellationToken: stop.Token));
    }

    private Descriptor Diamond(out int distinct)
    {
        Descriptor shared = _source.Add(MediaTypes.LayerGzip, "shared"u8.ToArray());
        Descriptor[] images = [.. Enumerable.Range(0, 6).Select(i =>
            Graph.Of(_source, $"image {i}", [shared, _source.Add(MediaTypes.LayerGzip, Encoding.UTF8.GetBytes($"own {i / 2}"))]).Root)];
        Descriptor left = _source.Add(ImageIndex.Create(images[..4]));
        Descriptor right = _source.Add(ImageIndex.Create(images[2..]));
        distinct = 1 + 3 + 6 + 6 + 2 + 1;
        return _source.Add(ImageIndex.Create(left, right, images[0]));
    }
}
