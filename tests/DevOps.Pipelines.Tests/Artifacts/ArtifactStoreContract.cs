using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing.Streams;

namespace DevOps.Pipelines.Tests;

/// <summary>What every store of artifacts does.</summary>
public abstract class ArtifactStoreContract : IDisposable
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31))];
    private static readonly Artifact Some = new("some", Digest.Compute(Bytes), Bytes.Length, 1);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IArtifactStore Store { get; }

    protected abstract void DamageAll();

    [Fact]
    public async Task WriteAsync_Artifact_IsReadBack()
    {
        Assert.False(await Store.ContainsAsync(Some, Cancellation));

        await Store.WriteAsync(Some, FaultyStream.RandomChunks(Bytes, 5), Cancellation);

        Assert.True(await Store.ContainsAsync(Some, Cancellation));
        Assert.Equal(Bytes, await ReadAsync(Some));
        Assert.Equal(Bytes, await ReadAsync(Some with { CreatedAt = DateTimeOffset.UnixEpoch }));
    }

    [Fact]
    public async Task WriteAsync_Twice_IsFine()
    {
        await Store.WriteAsync(Some, FaultyStream.Whole(Bytes), Cancellation);
        await Store.WriteAsync(Some, FaultyStream.Whole(Bytes), Cancellation);

        Assert.Equal(Bytes, await ReadAsync(Some));
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnce_AllEndWell()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Store.WriteAsync(Some, FaultyStream.RandomChunks(Bytes, i), Cancellation), Cancellation)));

        Assert.Equal(Bytes, await ReadAsync(Some));
    }

    [Fact]
    public async Task WriteAsync_OtherBytes_AreRefusedAndLeaveNothing()
    {
        byte[] other = [.. Bytes];
        other[^1]++;

        await Assert.ThrowsAsync<DigestMismatchException>(() => Store.WriteAsync(Some, FaultyStream.Whole(other), Cancellation));
        await Assert.ThrowsAsync<SizeMismatchException>(() => Store.WriteAsync(Some, FaultyStream.EndingEarly(Bytes, 1), Cancellation));
        await Assert.ThrowsAsync<SizeMismatchException>(() => Store.WriteAsync(Some, FaultyStream.GoingOn(Bytes, 1), Cancellation));

        Assert.False(await Store.ContainsAsync(Some, Cancellation));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => Store.OpenReadAsync(Some, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_SourceThatFails_LeavesNothing()
    {
        await Assert.ThrowsAnyAsync<IOException>(() => Store.WriteAsync(Some, FaultyStream.ThrowingAt(Bytes, 200_000, new IOException("unplugged")), Cancellation));

        Assert.False(await Store.ContainsAsync(Some, Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_NotThere_SaysWhichArtifact()
    {
        ArtifactNotFoundException error = await Assert.ThrowsAsync<ArtifactNotFoundException>(() => Store.OpenReadAsync(Some, Cancellation));

        Assert.Same(Some, error.Artifact);
        Assert.Contains("'some'", error.Message, StringComparison.Ordinal);
        Assert.Contains(Some.Digest.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenReadAsync_DamagedBytes_AreAnErrorBeforeTheirEnd()
    {
        await Store.WriteAsync(Some, FaultyStream.Whole(Bytes), Cancellation);
        DamageAll();

        await Assert.ThrowsAnyAsync<ContentVerificationException>(() => ReadAsync(Some));
    }

    [Fact]
    public async Task DeleteAsync_WhereItCan_ForgetsTheArtifact()
    {
        Assert.SkipUnless(Store is IArtifactDeleter, "the store deletes nothing");
        IArtifactDeleter deleter = (IArtifactDeleter)Store;
        Assert.False(await deleter.DeleteAsync(Some, Cancellation));
        await Store.WriteAsync(Some, FaultyStream.Whole(Bytes), Cancellation);

        Assert.True(await deleter.DeleteAsync(Some, Cancellation));

        Assert.False(await Store.ContainsAsync(Some, Cancellation));
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private async Task<byte[]> ReadAsync(Artifact artifact)
    {
        await using Stream content = await Store.OpenReadAsync(artifact, Cancellation);
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
