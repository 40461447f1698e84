using System.IO.Compression;
using System.IO.Pipelines;
using DevOps.Archives.Compression;

namespace DevOps.Archives.Tests.Compression;

public class GzipEncoderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompressAsync_Pipes_GiveTheBytesOfStreams()
    {
        byte[] content = GoldenContent.Create(3_000_000);
        using MemoryStream expected = new();
        await GzipEncoder.CompressAsync(new MemoryStream(content), expected, DeflateLevel.Fast, null, Cancellation);

        Pipe input = new();
        Pipe output = new();
        Task writing = WriteAsync(content, input.Writer);
        Task<byte[]> reading = ReadAsync(output.Reader);
        long read = await GzipEncoder.CompressAsync(input.Reader, output.Writer, DeflateLevel.Fast, null, Cancellation);
        await output.Writer.CompleteAsync();

        await writing;
        Assert.Equal(content.Length, read);
        Assert.Equal(expected.ToArray(), await reading);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task CompressAsync_HardlyAnything_IsReadBack(int length)
    {
        using MemoryStream output = new();
        Assert.Equal(length, await GzipEncoder.CompressAsync(new MemoryStream(new byte[length]), output, cancellationToken: Cancellation));

        output.Position = 0;
        using GZipStream inflate = new(output, CompressionMode.Decompress);
        using MemoryStream inflated = new();
        await inflate.CopyToAsync(inflated, Cancellation);
        Assert.Equal(new byte[length], inflated.ToArray());
    }

    [Fact]
    public async Task CompressAsync_NoSuchLevel_IsRefusedAtOnce()
    {
        ArgumentOutOfRangeException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => GzipEncoder.CompressAsync(Stream.Null, Stream.Null, (DeflateLevel)9, null, Cancellation));
        Assert.StartsWith("There is no such level.", error.Message, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(byte[] content, PipeWriter writer)
    {
        await writer.WriteAsync(content, Cancellation);
        await writer.CompleteAsync();
    }

    private static async Task<byte[]> ReadAsync(PipeReader reader)
    {
        using MemoryStream all = new();
        await reader.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }
}
