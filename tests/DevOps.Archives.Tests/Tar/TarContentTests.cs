using System.Text;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tar.Tests;

public sealed class TarContentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task OpenAsync_EverySource_GivesTheBytesAnyNumberOfTimes()
    {
        byte[] expected = Encoding.UTF8.GetBytes("content");
        string path = _directory.Write("f", expected);
        byte[] around = [0, .. expected, 0];
        TarContent[] contents =
        [
            TarContent.FromFile(path),
            TarContent.FromBytes(expected),
            TarContent.FromBytes(around.AsMemory(1, expected.Length)),
            TarContent.FromStream(_ => new(new MemoryStream(expected))),
        ];
        foreach (TarContent content in (TarContent[])[.. contents, .. contents])
        {
            await using Stream stream = await content.OpenAsync(Cancellation);
            using MemoryStream copy = new();
            await stream.CopyToAsync(copy, Cancellation);
            Assert.Equal(expected, copy.ToArray());
            Assert.False(stream.CanWrite && content.Bytes is not null, "Bytes of the caller must not be changed.");
        }

        Assert.Equal((path, null), (contents[0].FilePath, contents[1].FilePath));
        Assert.Equal(expected, contents[1].Bytes!.Value.ToArray());
        Assert.Null(contents[0].Bytes);
        Assert.Null(contents[3].Bytes);
    }

    [Fact]
    public async Task FromFile_MissingFile_FailsOnlyWhenOpened()
    {
        TarContent content = TarContent.FromFile(_directory.PathOf("no"));
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await content.OpenAsync(Cancellation));
        Assert.Throws<ArgumentException>(() => TarContent.FromFile(""));
    }

    [Fact]
    public async Task FromStream_NoStream_SaysSo() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await TarContent.FromStream(_ => default).OpenAsync(Cancellation));

    [Fact]
    public async Task OpenAsync_Cancelled_OpensNothing()
    {
        TarContent content = TarContent.FromStream(_ => throw new InvalidTimeZoneException("opened"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await content.OpenAsync(new CancellationToken(true)));
    }

    [Fact]
    public async Task WriteAsync_FileOrBytes_HaveTheirOwnLength()
    {
        TarMember stale = new TarMember("f", TarMemberKind.File) { LengthBytes = 7 };
        string path = _directory.Write("f", "twelve bytes");
        foreach (TarContent content in (TarContent[])[TarContent.FromFile(path), TarContent.FromBytes("twelve bytes"u8.ToArray())])
        {
            using MemoryStream archive = new();
            await new TarArchiveWriter(archive).WriteAsync(new TarItem(stale, content), Cancellation);
            Assert.Equal("00000000014\0", Encoding.ASCII.GetString(archive.ToArray(), 124, 12));
            Assert.Equal("twelve bytes\0", Encoding.ASCII.GetString(archive.ToArray(), 512, 13));
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public async Task WriteAsync_StreamOfAnotherLength_IsRefusedAndDisposed(int stated)
    {
        FaultyStream stream = FaultyStream.Whole(new byte[10]);
        TarItem item = new(new TarMember("f", TarMemberKind.File) { LengthBytes = stated }, TarContent.FromStream(_ => new(stream)));
        IOException error = await Assert.ThrowsAsync<IOException>(() => new TarArchiveWriter(Stream.Null).WriteAsync(item, Cancellation));
        Assert.Contains("'f'", error.Message, StringComparison.Ordinal);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task WriteAsync_MemberWithoutContent_OpensNothing()
    {
        TarContent never = TarContent.FromStream(_ => throw new InvalidTimeZoneException("opened"));
        using MemoryStream archive = new();
        TarArchiveWriter writer = new(archive);
        await writer.WriteAsync(new TarItem(new("d", TarMemberKind.Directory), never), Cancellation);
        await writer.WriteAsync(new TarItem(new("empty", TarMemberKind.File), null), Cancellation);
        await writer.CompleteAsync(Cancellation);
        Assert.Equal(4 * 512, archive.Length);
    }
}
