using DevOps.Oci;
using DevOps.Testing.Streams;

namespace DevOps.Content.Tests;

public sealed class VerifyingStreamTests
{
    private static readonly byte[] Content = MakeContent(300_001);

    private static readonly Descriptor Expected = Descriptor.ForContent(MediaTypes.LayerGzip, Content);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public enum Way
    {
        Sync,
        Async,
        ByteByByte,
        CopyTo,
    }

    [Theory]
    [InlineData(Way.Sync)]
    [InlineData(Way.Async)]
    [InlineData(Way.ByteByByte)]
    [InlineData(Way.CopyTo)]
    public async Task Read_RightContentInAnyPieces_PassesThrough(Way way)
    {
        foreach (FaultyStream inner in (FaultyStream[])[FaultyStream.Whole(Content), FaultyStream.OneByteAtATime(Content), FaultyStream.RandomChunks(Content, 3)])
        {
            using VerifyingStream stream = new(inner, Expected, "test");
            Assert.Equal(Content, await ReadAllAsync(stream, way));
            Assert.Equal(Content.Length, stream.Position);
            Assert.Equal(0, stream.Read(new byte[1]));
            Assert.Null(stream.Failure);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(150_000)]
    [InlineData(300_000)]
    public async Task Read_OneWrongByte_ThrowsDigestMismatch(int at)
    {
        byte[] wrong = [.. Content];
        wrong[at] ^= 1;
        foreach (Way way in Enum.GetValues<Way>())
        {
            using VerifyingStream stream = new(FaultyStream.RandomChunks(wrong, 5), Expected, "the test");
            DigestMismatchException error = await Assert.ThrowsAsync<DigestMismatchException>(() => ReadAllAsync(stream, way));
            Assert.Equal(Digest.Compute(wrong), error.Actual);
            Assert.Equal(Expected, error.Expected);
            Assert.Equal("the test", error.Origin);
            Assert.Contains(Expected.Digest.ToString(), error.Message, StringComparison.Ordinal);
            Assert.Same(error, stream.Failure);
        }
    }

    [Fact]
    public async Task Read_WrongContent_NeverGivesTheLastByte()
    {
        byte[] wrong = [.. Content];
        wrong[0] ^= 1;
        using VerifyingStream stream = new(FaultyStream.OneByteAtATime(wrong), Expected, "test");
        using MemoryStream read = new();
        await Assert.ThrowsAsync<DigestMismatchException>(() => stream.CopyToAsync(read, Cancellation));
        Assert.Equal(Content.Length - 1, read.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(300_001)]
    public async Task Read_ContentThatEndsEarly_ThrowsSizeMismatch(int missing)
    {
        foreach (Way way in Enum.GetValues<Way>())
        {
            using VerifyingStream stream = new(FaultyStream.EndingEarly(Content, missing), Expected, "test");
            SizeMismatchException error = await Assert.ThrowsAsync<SizeMismatchException>(() => ReadAllAsync(stream, way));
            Assert.Equal(Content.Length - missing, error.ActualBytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500_000)]
    public async Task Read_ContentThatGoesOn_ThrowsSizeMismatch(int extra)
    {
        foreach (Way way in Enum.GetValues<Way>())
        {
            using VerifyingStream stream = new(FaultyStream.GoingOn(Content, extra), Expected, "test");
            SizeMismatchException error = await Assert.ThrowsAsync<SizeMismatchException>(() => ReadAllAsync(stream, way));
            Assert.Equal(Content.Length + 1, error.ActualBytes);
            Assert.Contains("more came", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Read_HugeStatedSize_FailsAtTheRealEnd()
    {
        Descriptor lie = new(MediaTypes.LayerGzip, Expected.Digest, 1L << 62);
        using VerifyingStream stream = new(FaultyStream.Whole(Content), lie, "test");
        await Assert.ThrowsAsync<SizeMismatchException>(() => ReadAllAsync(stream, Way.Async));
    }

    [Fact]
    public void Read_EmptyContent_IsVerifiedToo()
    {
        Descriptor empty = Descriptor.ForContent("text/plain", []);
        using VerifyingStream right = new(FaultyStream.Whole(Array.Empty<byte>()), empty, "test");
        Assert.Equal(0, right.Read(new byte[10]));

        using VerifyingStream wrongDigest = new(FaultyStream.Whole(Array.Empty<byte>()), new("text/plain", Expected.Digest, 0), "test");
        Assert.Throws<DigestMismatchException>(() => wrongDigest.Read(new byte[10]));

        using VerifyingStream more = new(FaultyStream.Whole(Content), empty, "test");
        Assert.Throws<SizeMismatchException>(() => more.Read(new byte[10]));
    }

    [Fact]
    public async Task Read_EmptyBuffer_ChecksNothing()
    {
        using VerifyingStream stream = new(FaultyStream.Whole(Content), Expected, "test");
        Assert.Equal(0, stream.Read([]));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, Cancellation));
        Assert.Equal(Content, await ReadAllAsync(stream, Way.Async));
    }

    [Fact]
    public async Task Read_AfterAFailure_FailsAgain()
    {
        using VerifyingStream stream = new(FaultyStream.EndingEarly(Content, 1), Expected, "test");
        await Assert.ThrowsAsync<SizeMismatchException>(() => ReadAllAsync(stream, Way.Async));
        Assert.Throws<SizeMismatchException>(() => stream.Read(new byte[10]));
    }

    [Fact]
    public async Task Read_InnerThrows_PassesTheErrorAndRemembersIt()
    {
        IOException cause = new("cable");
        using VerifyingStream stream = new(FaultyStream.ThrowingAt(Content, 1000, cause), Expected, "test");
        Assert.Same(cause, await Assert.ThrowsAsync<IOException>(() => ReadAllAsync(stream, Way.Async)));
        Assert.Same(cause, stream.Failure);
    }

    [Fact]
    public async Task Read_Cancelled_IsNoFailureOfTheContent()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        using VerifyingStream stream = new(FaultyStream.Whole(Content), Expected, "test");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(new byte[1], stop.Token));
        Assert.Null(stream.Failure);
    }

    [Fact]
    public async Task Dispose_BeforeTheEnd_ClosesTheInnerStreamWithoutError()
    {
        FaultyStream first = FaultyStream.Whole(Content);
        VerifyingStream stream = new(first, Expected, "test");
        Assert.Equal(1, stream.Read(new byte[1]));
        stream.Dispose();
        stream.Dispose();
        Assert.True(first.IsDisposed);
        Assert.False(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[1]));

        FaultyStream second = FaultyStream.Whole(Content);
        VerifyingStream other = new(second, Expected, "test");
        await other.DisposeAsync();
        await other.DisposeAsync();
        Assert.True(second.IsDisposed);
    }

    [Fact]
    public async Task Ensure_Disposed_LeavesTheContentOpenWhateverItIs()
    {
        await using VerifyingStream verifying = new(FaultyStream.Whole(Content), Expected, "test");
        await using FaultyStream plain = FaultyStream.Whole(Content);
        foreach (Stream content in (Stream[])[verifying, plain])
        {
            await using (Stream ensured = VerifyingStream.Ensure(content, Expected, "other"))
            {
                await ensured.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
            }

            Assert.True(content.CanRead);
        }
    }

    [Fact]
    public async Task Ensure_PlainStream_IsVerifiedAndLeftOpen()
    {
        FaultyStream inner = FaultyStream.RandomChunks(Content, 9);
        Stream stream = VerifyingStream.Ensure(inner, Expected, "test");
        Assert.Equal(Content, await ReadAllAsync(stream, Way.Sync));
        await stream.DisposeAsync();
        Assert.False(inner.IsDisposed);
    }

    [Fact]
    public void Members_ThatStreamsHave_AreAsStated()
    {
        using VerifyingStream stream = new(FaultyStream.Whole(Content), Expected, "test");
        Assert.Equal(Content.Length, stream.Length);
        Assert.False(stream.CanSeek);
        Assert.False(stream.CanWrite);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write(new byte[1], 0, 1));
    }

    [Fact]
    public async Task Read_Sha512_IsVerifiedBySha512()
    {
        Descriptor expected = new("text/plain", Digest.Compute(Content, DigestAlgorithm.Sha512), Content.Length);
        using VerifyingStream stream = new(FaultyStream.Whole(Content), expected, "test");
        Assert.Equal(Content, await ReadAllAsync(stream, Way.Async));
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, Way way)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        switch (way)
        {
            case Way.Sync:
                for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
                {
                    all.Write(buffer, 0, read);
                }

                break;
            case Way.Async:
                for (int read = await stream.ReadAsync(buffer, Cancellation); read > 0; read = await stream.ReadAsync(buffer, Cancellation))
                {
                    all.Write(buffer, 0, read);
                }

                break;
            case Way.ByteByByte:
                for (int value = stream.ReadByte(); value >= 0; value = stream.ReadByte())
                {
                    all.WriteByte((byte)value);
                }

                break;
            default:
                await stream.CopyToAsync(all, Cancellation);
                break;
        }

        return all.ToArray();
    }

    private static byte[] MakeContent(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
