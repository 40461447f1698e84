using System.IO.Compression;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Hostile;

/// <summary>The client, over real connections, with a registry that means it harm: every answer ends in an error that is ours, after few bytes. What a script can show is tested beside the code it is about.</summary>
public sealed class HostileRegistryTests
{
    // What the systems of both ends hold that nobody reads: some megabytes on loopback.
    private const long FewBytes = 32 << 20;

    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];

    private static readonly Descriptor Blob = Descriptor.ForContent(MediaTypes.LayerGzip, Bytes);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 4611686018427387904\n")]
    [InlineData("Content-Length: 1000000000\n")]
    [InlineData("")]
    public async Task OpenReadAsync_FarMoreThanTheDescriptorSays_EndsBehindIt(string length)
    {
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\n{length}", Endless()));
        await FailAsync<SizeMismatchException>(server, Blob);
        Assert.InRange(server.SentBytes, 1, FewBytes);
    }

    [Theory]
    [InlineData(100_001)]
    [InlineData(99_999)]
    [InlineData(1)]
    [InlineData(0)]
    public async Task OpenReadAsync_BodyOfAnotherLengthThanTheDescriptor_IsNamed(int length)
    {
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\nContent-Length: {length}\n", new MemoryStream([.. Bytes, 0], 0, length)));
        await FailAsync<SizeMismatchException>(server, Blob);
    }

    [Fact]
    public async Task OpenReadAsync_BodyLongerThanItsLength_IsReadToThatLength()
    {
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\nContent-Length: {Bytes.Length}\n", new MemoryStream([.. Bytes, 1, 2, 3])));
        Assert.Equal(Bytes, await ReadAsync(server, Blob));
    }

    [Fact]
    public async Task OpenReadAsync_BodyShorterThanItsLength_IsABrokenConnection()
    {
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\nContent-Length: {Bytes.Length}\n", new MemoryStream(Bytes, 0, 500)));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(server, Blob));
        Assert.StartsWith($"Could not read {Blob.Digest} at 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.Contains($": the answer broke off after 500 of {Bytes.Length} bytes: ", error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.True(error.IsTransient);
        Assert.Equal(1, server.RequestCount); // this client does not try again
    }

    [Fact] // The digest is that of the bytes as they are stored: a layer is gzip, and stays it.
    public async Task OpenReadAsync_ContentEncoding_IsNotUndone()
    {
        byte[] packed = Pack(Bytes);
        Descriptor layer = Descriptor.ForContent(MediaTypes.LayerGzip, packed);
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {packed.Length}\n", new MemoryStream(packed)));
        Assert.Equal(packed, await ReadAsync(server, layer));
    }

    [Fact]
    public async Task OpenReadAsync_EncodedWithoutBeingAsked_IsOtherBytes()
    {
        byte[] packed = Pack(Bytes);
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {packed.Length}\n", new MemoryStream(packed)));
        await FailAsync<ContentVerificationException>(server, Blob);
    }

    [Fact] // A few kilobytes that would become a gigabyte.
    public async Task ListTagsAsync_EncodedPage_IsNotUndone()
    {
        byte[] packed = Pack("""{"name":"team/api","tags":["a"]}"""u8.ToArray());
        await using RawServer server = new(_ => ($"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {packed.Length}\n", new MemoryStream(packed)));
        using RegistryClient client = NewClient();
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await Repository(client, server).ListTagsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Contains("no JSON", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CopyAsync_DescriptorsOfEndlessContent_EndsWithTheSource(bool isOfLayer)
    {
        Descriptor config = Descriptor.ForContent(MediaTypes.ImageConfig, "{}"u8);
        Descriptor layer = Blob;
        ImageManifest image = isOfLayer ? ImageManifest.Create(config, Endless(layer)) : ImageManifest.Create(Endless(config), layer);
        await using RawServer server = new(request => request.Contains("/manifests/", StringComparison.Ordinal) ? Whole(image.RawBytes.ToArray(), MediaTypes.ImageManifest)
            : request.Contains((isOfLayer ? config : layer).Digest.ToString(), StringComparison.Ordinal) ? Whole(isOfLayer ? "{}"u8.ToArray() : Bytes, MediaTypes.OctetStream)
            : Whole(Bytes, MediaTypes.OctetStream));
        using RegistryClient client = NewClient();
        MemoryStore target = new();
        long before = GC.GetTotalAllocatedBytes();
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => Repository(client, server).CopyAsync(image.Descriptor, target, cancellationToken: Cancellation));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 256 << 20);
        Assert.Equal(CopySide.Source, error.Side);
        Assert.False(await target.ContainsAsync(image.Descriptor, Cancellation));
    }

    [Theory]
    [InlineData(1L << 62)]
    [InlineData(long.MaxValue)]
    public async Task CopyAsync_IndexOfAnEndlessManifest_ReadsNoneOfIt(long sizeBytes)
    {
        ImageIndex index = ImageIndex.Create(new Descriptor(MediaTypes.ImageManifest, Digest.Compute("manifest"u8), sizeBytes));
        await using RawServer server = new(request => request.Contains(index.Digest.ToString(), StringComparison.Ordinal) ? Whole(index.RawBytes.ToArray(), MediaTypes.ImageIndex)
            : ($"HTTP/1.1 200 OK\nContent-Type: {MediaTypes.ImageManifest}\n", Endless()));
        using RegistryClient client = NewClient();
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => Repository(client, server).CopyAsync(index.Descriptor, new MemoryStore(), cancellationToken: Cancellation));
        Assert.Equal((CopySide.Source, sizeBytes), (error.Side, error.Descriptor.SizeBytes));
        Assert.InRange(server.SentBytes, 0, FewBytes);
    }

    [Fact]
    public async Task ResolveAsync_EndlessHeaders_AreBounded()
    {
        string header = $"X-Long: {new string('x', 4000)}\n";
        await using RawServer server = new(_ => ("HTTP/1.1 200 OK\n" + string.Concat(Enumerable.Repeat(header, 2000)), Endless()));
        using RegistryClient client = NewClient();
        await Assert.ThrowsAsync<RegistryException>(async () => await Repository(client, server).ResolveAsync("latest", Cancellation));
    }

    [Fact]
    public async Task ListTagsAsync_EndlessError_IsTheStatusAfterFewBytes()
    {
        await using RawServer server = new(_ => ("HTTP/1.1 403 Forbidden\n", Endless()));
        using RegistryClient client = NewClient();
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await Repository(client, server).ListTagsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, error.StatusCode);
        Assert.InRange(server.SentBytes, 1, FewBytes);
    }

    private static (string Head, Stream Body) Whole(byte[] bytes, string mediaType) => ($"HTTP/1.1 200 OK\nContent-Type: {mediaType}\nContent-Length: {bytes.Length}\n", new MemoryStream(bytes));

    private static Descriptor Endless(Descriptor descriptor) => new(descriptor.MediaType, descriptor.Digest, 1L << 62);

    private static PatternStream Endless() => new(long.MaxValue, 1);

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static RegistryClient NewClient() => new(new() { MaxRetries = 0 });

    private static RemoteRepository Repository(RegistryClient client, RawServer server) => client.GetRepository(server.Address, RepositoryName.Parse("team/api"));

    private static async Task FailAsync<T>(RawServer server, Descriptor descriptor)
        where T : Exception
    {
        T error = await Assert.ThrowsAnyAsync<T>(() => ReadAsync(server, descriptor));
        Assert.Contains(descriptor.Digest.ToString(), error.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAsync(RawServer server, Descriptor descriptor)
    {
        using RegistryClient client = NewClient();
        await using Stream content = await Repository(client, server).OpenReadAsync(descriptor, Cancellation);
        using MemoryStream read = new();
        await content.CopyToAsync(read, Cancellation);
        return read.ToArray();
    }
}
