using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Server.Tests.Storage;

/// <summary>The order on which garbage collection and pushes rely.</summary>
public sealed class BlobFolderTests
{
    private readonly VirtualTimeProvider _time = new(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemoveIfUnwantedSince_WantedAfterItWasFoundOld_Stays()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        (BlobFolder blobs, Digest digest) = await CreateAsync(directory);
        _time.Advance(TimeSpan.FromHours(2));
        DateTimeOffset cutoff = _time.GetUtcNow() - TimeSpan.FromHours(1);
        Assert.True(blobs.List().Single().File.LastWriteTimeUtc < cutoff.UtcDateTime);

        Assert.True(blobs.Want(digest));

        Assert.False(blobs.RemoveIfUnwantedSince(digest, cutoff));
        Assert.True(blobs.Holds(digest));
    }

    [Fact]
    public async Task RemoveIfUnwantedSince_BroughtAgainAfterItWasFoundOld_Stays()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        (BlobFolder blobs, Digest digest) = await CreateAsync(directory);
        _time.Advance(TimeSpan.FromHours(2));
        blobs.Publish(directory.Write("again"), digest);
        Assert.False(blobs.RemoveIfUnwantedSince(digest, _time.GetUtcNow() - TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Want_AfterItWasRemoved_SaysSo()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        (BlobFolder blobs, Digest digest) = await CreateAsync(directory);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.True(blobs.RemoveIfUnwantedSince(digest, _time.GetUtcNow() - TimeSpan.FromHours(1)));
        Assert.False(blobs.Want(digest));
    }

    [Fact]
    public async Task RemoveMarkIfGone_BlobIsThereAgain_KeepsTheMark()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        (BlobFolder blobs, Digest digest) = await CreateAsync(directory);
        string mark = directory.Write("mark");
        Assert.False(blobs.RemoveMarkIfGone(digest, mark));
        Assert.True(File.Exists(mark));
        Assert.True(blobs.RemoveMarkIfGone(Digest.Compute("gone"u8), mark));
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public void FolderLock_ManyAtOnce_OneAtATime()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        int inside = 0;
        int most = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, _ =>
        {
            using FolderLock gate = FolderLock.Enter(directory.PathOf("lock"));
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Decrement(ref inside);
        });
        Assert.Equal(1, most);
    }

    private async Task<(BlobFolder Blobs, Digest Digest)> CreateAsync(TemporaryDirectory directory)
    {
        BlobFolder blobs = new(directory.PathOf("blobs"), _time, new(RegistryDurability.ProcessLoss));
        Digest digest = Digest.Compute("blob"u8);
        await blobs.WriteAsync(digest, "blob"u8.ToArray(), Cancellation);
        return (blobs, digest);
    }
}
