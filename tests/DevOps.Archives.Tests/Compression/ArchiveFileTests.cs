using System.IO.Compression;
using DevOps.Testing;

namespace DevOps.Archives.Compression.Tests;

public sealed class ArchiveFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public async Task OpenReadAsync_Gzip_GivesTheContent(int length)
    {
        byte[] content = Content(length);
        Assert.Equal(content, await ReadAsync(Gzip(content)));
        Assert.Equal((byte[])[.. content, .. content], await ReadAsync([.. Gzip(content), .. Gzip(content)]));
    }

    [Fact]
    public async Task OpenReadAsync_ContentThatEndsAsTheMarkerDoes_KeepsIt()
    {
        byte[] content = [.. Content(1000), .. "end of the input"u8];
        Assert.Equal(content, await ReadAsync(Gzip(content)));
    }

    [Fact]
    public async Task OpenReadAsync_CutOffAnywhere_IsTold()
    {
        byte[] whole = Gzip(Content(3000));
        for (int length = 3; length < whole.Length; length++)
        {
            await Assert.ThrowsAsync<InvalidContentException>(() => ReadAsync(whole[..length]));
        }
    }

    [Fact]
    public async Task OpenReadAsync_AnyBitFlippedInDataOrTrailer_IsToldOrHarmless()
    {
        byte[] content = Content(300);
        byte[] whole = Gzip(content);
        for (int at = 10; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            try
            {
                Assert.Equal(content, await ReadAsync(damaged));
            }
            catch (InvalidContentException)
            {
                // What a damaged file is for.
            }
        }
    }

    [Fact]
    public async Task OpenReadAsync_GarbageBehind_IsTold() =>
        await Assert.ThrowsAsync<InvalidContentException>(() => ReadAsync([.. Gzip(Content(100)), 1, 2, 3, 4, 5]));

    [Theory]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0, 0 }, CompressionFormat.Zstd)]
    [InlineData(new byte[] { 0x5A, 0x2A, 0x4D, 0x18, 0, 0 }, CompressionFormat.Zstd)]
    [InlineData(new byte[] { 0x42, 0x5A, 0x68, 0x39, 0, 0 }, CompressionFormat.Bzip2)]
    [InlineData(new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0 }, CompressionFormat.Xz)]
    public async Task OpenReadAsync_OtherCompression_IsNamed(byte[] start, CompressionFormat format)
    {
        UnsupportedCompressionException error = await Assert.ThrowsAsync<UnsupportedCompressionException>(() => ReadAsync(start));
        Assert.Equal(format, error.Format);
    }

    [Fact]
    public async Task OpenReadAsync_NotCompressed_IsReadAsItIs() => Assert.Equal("tar"u8.ToArray(), await ReadAsync("tar"u8.ToArray()));

    private static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content.AsSpan(0, length / 2));
        return content;
    }

    private static byte[] Gzip(byte[] content)
    {
        using MemoryStream output = new();
        using (GZipStream gzip = new(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }

    private static async Task<byte[]> ReadAsync(byte[] file)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using Stream stream = await ArchiveFile.OpenReadAsync(temporary.Write("file", file), Cancellation);
        using MemoryStream content = new();
        await stream.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }
}
