using System.Text;
using DevOps.Oci;
using DevOps.Testing.Content;
using DevOps.Testing.Streams;

namespace DevOps.Content.Tests;

public sealed class ContentReadingTests
{
    private readonly TestStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAllBytesAsync_StoredContent_ReturnsIt()
    {
        foreach (byte[] content in (byte[][])[[], [1], [.. Enumerable.Repeat((byte)7, 100_000)]])
        {
            Descriptor descriptor = _store.Add("text/plain", content);
            Assert.Equal(content, (await _store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation)).ToArray());
        }
    }

    [Fact]
    public async Task ReadAllBytesAsync_MoreThanAllowed_OpensNothing()
    {
        Descriptor descriptor = new("text/plain", Digest.Compute([]), 1L << 62);
        await Assert.ThrowsAsync<InvalidContentException>(() => _store.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _store.ReadAllBytesAsync(_store.Add("text/plain", new byte[11]), 10, Cancellation));
        Assert.Empty(_store.Logged(StoreOperation.OpenRead));
        Assert.Equal(10, (await _store.ReadAllBytesAsync(_store.Add("text/plain", new byte[10]), 10, Cancellation)).Length);
    }

    [Fact]
    public async Task ReadAllBytesAsync_EmbeddedData_IsUsedOnlyWhenRight()
    {
        Descriptor descriptor = Descriptor.ForContent("text/plain", "abc"u8);
        ReadOnlyMemory<byte> data = await _store.ReadAllBytesAsync(descriptor with { Data = "abc"u8.ToArray() }, cancellationToken: Cancellation);
        Assert.Equal("abc", Encoding.UTF8.GetString(data.Span));

        await Assert.ThrowsAsync<ContentNotFoundException>(() => _store.ReadAllBytesAsync(descriptor with { Data = "abd"u8.ToArray() }, cancellationToken: Cancellation));
        _store.Add("text/plain", "abc"u8.ToArray());
        data = await _store.ReadAllBytesAsync(descriptor with { Data = "abd"u8.ToArray() }, cancellationToken: Cancellation);
        Assert.Equal("abc", Encoding.UTF8.GetString(data.Span));
    }

    [Theory]
    [InlineData("abd", typeof(DigestMismatchException))]
    [InlineData("ab", typeof(SizeMismatchException))]
    [InlineData("", typeof(SizeMismatchException))]
    [InlineData("abcd", typeof(SizeMismatchException))]
    public async Task ReadAllBytesAsync_SourceThatDoesNotVerify_IsVerified(string served, Type expected)
    {
        Exception? error = await Record.ExceptionAsync(() => new Unverified(Encoding.ASCII.GetBytes(served))
            .ReadAllBytesAsync(Descriptor.ForContent("text/plain", "abc"u8), cancellationToken: Cancellation));
        Assert.IsType(expected, error);
    }

    [Fact]
    public async Task ReadManifestAsync_Manifest_IsOfTheDescriptorsKind()
    {
        Descriptor descriptor = _store.Add(ImageIndex.Create());
        Assert.IsType<ImageIndex>(await _store.ReadManifestAsync(descriptor, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() =>
            _store.ReadManifestAsync(new(MediaTypes.ImageManifest, descriptor.Digest, descriptor.SizeBytes), Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() =>
            _store.ReadManifestAsync(new(MediaTypes.OctetStream, descriptor.Digest, descriptor.SizeBytes), Cancellation));
    }

    [Fact]
    public async Task ReadConfigAsync_DockerConfig_KeepsItsType()
    {
        Descriptor descriptor = _store.Add(MediaTypes.DockerConfig, ImageConfig.Empty.RawBytes.ToArray());
        ImageConfig config = await _store.ReadConfigAsync(descriptor, Cancellation);
        Assert.Equal(descriptor, config.Descriptor);
    }

    [Fact]
    public async Task ReadManifestAsync_Missing_SaysWhatAndWhere()
    {
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() => _store.ReadManifestAsync(ImageIndex.Create().Descriptor, Cancellation));
        Assert.Equal("the test store", error.Origin);
        Assert.StartsWith("The test store does not hold sha256:", error.Message, StringComparison.Ordinal);
    }

    private sealed class Unverified(byte[] content) : IContentSource
    {
        public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) =>
            Task.FromResult<Stream>(FaultyStream.OneByteAtATime(content));
    }
}
