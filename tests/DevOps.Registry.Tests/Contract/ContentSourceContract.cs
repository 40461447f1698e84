using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Contract;

/// <summary>What every source promises about reading: <see cref="IContentSource"/> and <see cref="IContentSeeker"/>.</summary>
public abstract class ContentSourceContract : IAsyncLifetime
{
    private const int Block = 1 << 16;

    public static TheoryData<int> Sizes => [0, 1, Block - 1, Block, Block + 1, 5_000_001];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task OpenReadAsync_EachSize_GivesTheBytesAndThenTheEnd(int size)
    {
        (IContentSource source, Descriptor descriptor, byte[] bytes) = await HoldAsync(size);
        await using Stream content = await source.OpenReadAsync(descriptor, Cancellation);
        Assert.Equal((true, false, false), (content.CanRead, content.CanSeek, content.CanWrite));
        byte[] read = new byte[size];
        await content.ReadExactlyAsync(read, Cancellation);
        Assert.Equal(bytes, read);
        Assert.Equal(0, await content.ReadAsync(new byte[10], Cancellation));
        Assert.Equal(0, await content.ReadAsync(new byte[10], Cancellation));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task OpenReadAtAsync_EachOffset_GivesTheRest(int size)
    {
        (IContentSource source, Descriptor descriptor, byte[] bytes) = await HoldAsync(size);
        IContentSeeker seeker = (IContentSeeker)source;
        foreach (int offset in ((int[])[0, 1, size / 2, Block - 1, Block, Block + 1, size - 1, size]).Where(offset => offset >= 0 && offset <= size).Distinct())
        {
            await using Stream rest = await seeker.OpenReadAtAsync(descriptor, offset, Cancellation);
            using MemoryStream read = new();
            await rest.CopyToAsync(read, Cancellation);
            Assert.Equal(bytes[offset..], read.ToArray());
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => seeker.OpenReadAtAsync(descriptor, -1, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => seeker.OpenReadAtAsync(descriptor, size + 1, Cancellation));
    }

    [Fact]
    public async Task OpenReadAtAsync_MissingOrCancelled_Throws()
    {
        (IContentSource source, Descriptor descriptor, _) = await HoldAsync(100);
        IContentSeeker seeker = (IContentSeeker)source;
        Descriptor missing = Sample.Blob(Sample.Bytes("nowhere"));
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() => seeker.OpenReadAtAsync(missing, 3, Cancellation));
        Assert.Equal(missing.Digest.ToString(), error.Content);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => seeker.OpenReadAtAsync(descriptor, 3, new CancellationToken(true)));
        await Assert.ThrowsAsync<ArgumentNullException>(() => seeker.OpenReadAtAsync(null!, 0, Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_SeveralReadersAtOnce_EachGetAll()
    {
        (IContentSource source, Descriptor descriptor, byte[] bytes) = await HoldAsync(300_000);
        byte[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await source.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray(), Cancellation)));
        Assert.All(all, read => Assert.Equal(bytes, read));
    }

    [Fact]
    public async Task OpenReadAsync_DisposedInTheMiddle_ReadsNoMoreAndHarmsNoOther()
    {
        (IContentSource source, Descriptor descriptor, byte[] bytes) = await HoldAsync(300_000);
        Stream first = await source.OpenReadAsync(descriptor, Cancellation);
        await first.ReadExactlyAsync(new byte[1000], Cancellation);
        await first.DisposeAsync();
        await first.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.ReadExactlyAsync(new byte[10], Cancellation));
        Assert.False(first.CanRead);
        Assert.Equal(bytes, (await source.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task OpenReadAsync_SizeWithoutEnd_AllocatesNothingForIt()
    {
        (IContentSource source, Descriptor descriptor, _) = await HoldAsync(1000);
        Descriptor lie = new(descriptor.MediaType, descriptor.Digest, 1L << 62);
        await Assert.ThrowsAsync<InvalidContentException>(() => source.ReadAllBytesAsync(lie, cancellationToken: Cancellation));
        await using Stream content = await source.OpenReadAsync(lie, Cancellation);
        await Assert.ThrowsAsync<SizeMismatchException>(() => content.CopyToAsync(Stream.Null, Cancellation));
    }

    /// <summary>Returns a source that holds some content of a size.</summary>
    protected async Task<(IContentSource Source, Descriptor Descriptor, byte[] Bytes)> HoldAsync(int size)
    {
        using MemoryStream bytes = new();
        await new PatternStream(size, 9).CopyToAsync(bytes, Cancellation);
        Descriptor descriptor = Sample.Blob(bytes.ToArray());
        return (await HoldAsync(descriptor, bytes.ToArray()), descriptor, bytes.ToArray());
    }

    private protected abstract Task<IContentSource> HoldAsync(Descriptor descriptor, byte[] bytes);
}
