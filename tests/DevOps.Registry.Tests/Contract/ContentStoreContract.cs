using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Contract;

/// <summary>What every store promises about content: <see cref="IContentStore"/>.</summary>
public abstract class ContentStoreContract(StoreKind kind) : IAsyncLifetime
{
    private OpenStore? _open;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected StoreKind Kind => kind;

    protected IContentStore Store => _open!.Store;

    public async ValueTask InitializeAsync() => _open = await OpenStore.OpenAsync(kind, Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_open is not null)
        {
            await _open.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WriteAsync_Content_CanBeReadAndLeavesTheStreamOpen()
    {
        byte[] bytes = Sample.Bytes("some content");
        Descriptor descriptor = Sample.Blob(bytes);
        Assert.False(await Store.ContainsAsync(descriptor, Cancellation));

        using MemoryStream content = new(bytes);
        await Store.WriteAsync(descriptor, content, Cancellation);

        Assert.True(content.CanRead, "The caller's stream must stay open.");
        Assert.True(await Store.ContainsAsync(descriptor, Cancellation));
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task WriteAsync_EmptyContent_IsContent()
    {
        Descriptor empty = Sample.Blob([]);
        await Store.WriteAsync(empty, new MemoryStream(), Cancellation);
        Assert.True(await Store.ContainsAsync(empty, Cancellation));
        Assert.Empty((await Store.ReadAllBytesAsync(empty, cancellationToken: Cancellation)).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3 << 20)]
    public async Task ReceiveAsync_Content_IsHeldUnderItsDigest(int length)
    {
        Assert.SkipUnless(Store is IContentReceiver, "The store takes only what has a digest.");
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Descriptor expected = new(MediaTypes.LayerGzip, Digest.Compute(bytes), length);
        Descriptor? held = await ((IContentReceiver)Store).ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                foreach (byte[] piece in bytes.Chunk(100_003))
                {
                    await stream.WriteAsync(piece, token);
                }
            },
            Cancellation);
        Assert.Equal(expected, held);
        Assert.True(await Store.ContainsAsync(expected, Cancellation));
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(expected, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task ReceiveAsync_ContentThatFails_IsNotThere()
    {
        Assert.SkipUnless(Store is IContentReceiver, "The store takes only what has a digest.");
        byte[] bytes = Sample.Bytes("half of it");
        IContentReceiver receiver = (IContentReceiver)Store;
        IOException cause = new("The source broke.");
        Assert.Same(cause, await Assert.ThrowsAsync<IOException>(() => receiver.ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                await stream.WriteAsync(bytes, token);
                throw cause;
            },
            Cancellation)));
        Assert.False(await Store.ContainsAsync(Sample.Blob(bytes), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => receiver.ReceiveAsync(MediaTypes.ImageManifest, (_, _) => Task.CompletedTask, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_OneByteAtATime_CanBeRead()
    {
        byte[] bytes = Sample.Bytes("slow content");
        Descriptor descriptor = Sample.Blob(bytes);
        await Store.WriteAsync(descriptor, FaultyStream.OneByteAtATime(bytes), Cancellation);
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task WriteAsync_Sha512_CanBeReadByThatDigest()
    {
        Assert.SkipWhen(kind == StoreKind.DockerRegistry, "The distribution project's registry keeps only sha256.");
        byte[] bytes = Sample.Bytes("content with a long name");
        Descriptor descriptor = Sample.Blob(bytes, DigestAlgorithm.Sha512);
        await Store.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        Assert.True(await Store.ContainsAsync(descriptor, Cancellation));
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task WriteAsync_LargeContent_StreamsThrough()
    {
        const int Length = 20 << 20;
        Descriptor descriptor = await DescribeAsync(Length);
        await Store.WriteAsync(descriptor, new PatternStream(Length, 7), Cancellation);
        await using Stream content = await Store.OpenReadAsync(descriptor, Cancellation);
        await content.CopyToAsync(Stream.Null, Cancellation);
        Assert.Equal(Length, content.Position);
    }

    [Fact]
    public async Task WriteAsync_OtherContent_IsRefusedAndNotVisible()
    {
        byte[] bytes = Sample.Bytes("what was promised");
        Descriptor descriptor = Sample.Blob(bytes);
        using MemoryStream other = new(Sample.Bytes("what was delivere"));
        DigestMismatchException error = await Assert.ThrowsAsync<DigestMismatchException>(() => Store.WriteAsync(descriptor, other, Cancellation));
        Assert.Equal(descriptor, error.Expected);
        await AssertAbsentAsync(descriptor);

        // A failure leaves nothing in the way of the right content.
        await Store.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        Assert.True(await Store.ContainsAsync(descriptor, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_OtherManifest_IsRefusedAndNotVisible()
    {
        Descriptor descriptor = ImageIndex.Create().Descriptor;
        await Assert.ThrowsAsync<DigestMismatchException>(() => Store.WriteAsync(descriptor, new MemoryStream(new byte[descriptor.SizeBytes]), Cancellation));
        await AssertAbsentAsync(descriptor);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task WriteAsync_TooShort_IsRefusedAndNotVisible(int missing)
    {
        byte[] bytes = Sample.Bytes("0123456789");
        Descriptor descriptor = Sample.Blob(bytes);
        SizeMismatchException error = await Assert.ThrowsAsync<SizeMismatchException>(() => Store.WriteAsync(descriptor, FaultyStream.EndingEarly(bytes, missing), Cancellation));
        Assert.Equal(10 - missing, error.ActualBytes);
        await AssertAbsentAsync(descriptor);
    }

    [Fact]
    public async Task WriteAsync_TooLong_IsRefusedAndNotVisible()
    {
        byte[] bytes = Sample.Bytes("0123456789");
        Descriptor descriptor = Sample.Blob(bytes);
        await Assert.ThrowsAsync<SizeMismatchException>(() => Store.WriteAsync(descriptor, FaultyStream.GoingOn(bytes, 1), Cancellation));
        await AssertAbsentAsync(descriptor);
    }

    [Fact]
    public async Task WriteAsync_SourceBreaks_IsNotVisible()
    {
        Descriptor descriptor = await DescribeAsync(1 << 20);
        PatternStream content = new(1 << 20, 7) { BeforeRead = position => _ = position > 300_000 ? throw new IOException("The source broke.") : 0 };
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => Store.WriteAsync(descriptor, content, Cancellation));
        Assert.True(error is IOException or RegistryException, error.ToString());
        await AssertAbsentAsync(descriptor);
    }

    [Fact]
    public async Task WriteAsync_CancelledBefore_WritesNothing()
    {
        byte[] bytes = Sample.Bytes("never");
        Descriptor descriptor = Sample.Blob(bytes);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(descriptor, new MemoryStream(bytes), new CancellationToken(true)));
        await AssertAbsentAsync(descriptor);
    }

    [Fact]
    public async Task WriteAsync_CancelledInTheMiddle_IsNotVisible()
    {
        Descriptor descriptor = await DescribeAsync(4 << 20);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        PatternStream content = new(4 << 20, 7)
        {
            BeforeRead = position =>
            {
                if (position > 1 << 20)
                {
                    stop.Cancel();
                }
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(descriptor, content, stop.Token));
        await AssertAbsentAsync(descriptor);
    }

    [Fact]
    public async Task WriteAsync_Again_ChangesNothing()
    {
        byte[] bytes = Sample.Bytes("twice");
        Descriptor descriptor = Sample.Blob(bytes);
        await Store.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        await Store.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());

        // A damaged second copy does not harm the first.
        await Assert.ThrowsAsync<DigestMismatchException>(() => Store.WriteAsync(descriptor, new MemoryStream(new byte[bytes.Length]), Cancellation));
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task WriteAsync_SameContentAtOnce_AllSucceed()
    {
        const int Length = 200_000;
        Descriptor descriptor = await DescribeAsync(Length);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.WriteAsync(descriptor, new PatternStream(Length, 7), Cancellation), Cancellation)));
        Assert.Equal(Length, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).Length);
    }

    [Fact]
    public async Task WriteAsync_StillGoingOn_IsNotVisibleAndDisturbsNoReader()
    {
        const int Length = 1 << 20;
        Descriptor there = await Sample.WriteAsync(Store, MediaTypes.LayerGzip, Sample.Bytes("there already"), Cancellation);
        Descriptor descriptor = await DescribeAsync(Length);
        TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim goOn = new();
        PatternStream content = new(Length, 7)
        {
            BeforeRead = position =>
            {
                if (position > Length / 2)
                {
                    half.TrySetResult();
                    goOn.Wait(Cancellation);
                }
            },
        };
        Task writing = Task.Run(() => Store.WriteAsync(descriptor, content, Cancellation), Cancellation);
        try
        {
            await half.Task.WaitAsync(Cancellation);
            await AssertAbsentAsync(descriptor);
            Assert.Equal("there already", System.Text.Encoding.UTF8.GetString((await Store.ReadAllBytesAsync(there, cancellationToken: Cancellation)).Span));
        }
        finally
        {
            goOn.Set();
        }

        await writing;
        Assert.Equal(Length, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).Length);
    }

    [Fact]
    public async Task WriteAsync_WhileBeingRead_ReaderGetsAll()
    {
        const int Length = 3 << 20;
        Descriptor descriptor = await DescribeAsync(Length);
        await Store.WriteAsync(descriptor, new PatternStream(Length, 7), Cancellation);
        await using Stream content = await Store.OpenReadAsync(descriptor, Cancellation);
        await content.ReadExactlyAsync(new byte[1000], Cancellation);
        await Store.WriteAsync(descriptor, new PatternStream(Length, 7), Cancellation);
        await content.CopyToAsync(Stream.Null, Cancellation);
        Assert.Equal(Length, content.Position);
    }

    [Fact]
    public async Task OpenReadAsync_Missing_ThrowsNotFound()
    {
        Descriptor missing = Sample.Blob(Sample.Bytes("nowhere"));
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() => Store.OpenReadAsync(missing, Cancellation));
        Assert.Equal(missing.Digest.ToString(), error.Content);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => Store.OpenReadAsync(ImageIndex.Create().Descriptor, Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_DescriptorOfAnotherSize_FailsWhileReading()
    {
        byte[] bytes = Sample.Bytes("its size is a lie");
        Descriptor descriptor = Sample.Blob(bytes);
        await Store.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        foreach (long lie in (long[])[bytes.Length - 1, bytes.Length + 1])
        {
            await using Stream content = await Store.OpenReadAsync(new(descriptor.MediaType, descriptor.Digest, lie), Cancellation);
            await Assert.ThrowsAsync<SizeMismatchException>(() => content.CopyToAsync(Stream.Null, Cancellation));
        }
    }

    [Fact]
    public async Task OpenReadAsync_Cancelled_Throws()
    {
        Descriptor descriptor = await Sample.WriteAsync(Store, MediaTypes.LayerGzip, Sample.Bytes("there"), Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenReadAsync(descriptor, new CancellationToken(true)));
    }

    [Fact]
    public async Task WriteAsync_ManifestWithUnknownMembers_KeepsEveryByte()
    {
        Descriptor config = await Sample.WriteAsync(Store, MediaTypes.EmptyJson, Sample.Bytes("{}"), Cancellation);
        byte[] bytes = Sample.Bytes(ImageManifest.Create(config).Edit(tree => tree["x-custom"] = new JsonObject { ["a+b"] = 1.50m }).ToString().Replace(",", " ,\n", StringComparison.Ordinal));
        Descriptor descriptor = await Sample.WriteAsync(Store, MediaTypes.ImageManifest, bytes, Cancellation);
        Assert.Equal(bytes, (await Store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task Methods_NullArguments_Throw()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.OpenReadAsync(null!, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await Store.ContainsAsync(null!, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.WriteAsync(null!, Stream.Null, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.WriteAsync(Descriptor.EmptyJson, null!, Cancellation));
    }

    protected async Task AssertAbsentAsync(Descriptor descriptor)
    {
        Assert.False(await Store.ContainsAsync(descriptor, Cancellation));
        await Assert.ThrowsAsync<ContentNotFoundException>(() => Store.OpenReadAsync(descriptor, Cancellation));
    }

    private static async Task<Descriptor> DescribeAsync(long lengthBytes)
    {
        using DigestBuilder digest = new();
        byte[] buffer = new byte[1 << 16];
        PatternStream content = new(lengthBytes, 7);
        int read;
        while ((read = await content.ReadAsync(buffer, Cancellation)) > 0)
        {
            digest.Append(buffer.AsSpan(0, read));
        }

        return new(MediaTypes.LayerGzip, digest.ToDigest(), lengthBytes);
    }
}
