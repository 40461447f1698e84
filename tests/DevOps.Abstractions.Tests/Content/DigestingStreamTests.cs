using DevOps.Oci;

namespace DevOps.Content.Tests;

public sealed class DigestingStreamTests
{
    [Fact]
    public async Task Write_InEveryWay_PassesOnAndHashes()
    {
        using MemoryStream inner = new();
        DigestingStream stream = new(inner);
        stream.Write("ab"u8);
        stream.Write("xcx"u8.ToArray(), 1, 1);
        stream.WriteByte((byte)'d');
        await stream.WriteAsync("e"u8.ToArray(), TestContext.Current.CancellationToken);
#pragma warning disable CA1835 // the older overload is under test
        await stream.WriteAsync("xfx"u8.ToArray(), 1, 1, TestContext.Current.CancellationToken);
#pragma warning restore CA1835
        await stream.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("abcdef"u8.ToArray(), inner.ToArray());
        Assert.Equal(Digest.Compute("abcdef"u8), stream.ToDigest());
        Assert.Equal((6L, 6L), (stream.Length, stream.Position));
        await stream.DisposeAsync();
        Assert.True(inner.CanWrite, "The other stream stays open.");
    }

    [Fact]
    public void Write_InnerFails_IsNotCounted()
    {
        using MemoryStream full = new(new byte[2]);
        using DigestingStream stream = new(full);
        stream.Write("ab"u8);
        Assert.Throws<NotSupportedException>(() => stream.Write("c"u8));
        Assert.Equal(Digest.Compute("ab"u8), stream.ToDigest());
    }

    [Fact]
    public void Members_ThatStreamsHave_AreAsStated()
    {
        using DigestingStream stream = new(Stream.Null, DigestAlgorithm.Sha512);
        Assert.Equal(Digest.Compute([], DigestAlgorithm.Sha512), stream.ToDigest());
        Assert.Equal((false, false, true), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1], 0, 1));
        Assert.Throws<ArgumentNullException>(() => new DigestingStream(null!));
    }
}
