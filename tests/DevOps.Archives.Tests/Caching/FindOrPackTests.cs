using DevOps.Archives.Caching;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;

namespace DevOps.Archives.Tests.Caching;

public sealed class FindOrPackTests : IDisposable
{
    private readonly CachedTree _tree = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task FindToFileOrPackAsync_UnknownTree_IsPackedToWhereItIsSentAndKept()
    {
        using MemoryStream lost = new();
        using MemoryStream sent = new();
        PackResult? packed = await RunAsync(async write =>
        {
            await write(lost, Cancellation);
            await write(sent, Cancellation);
        });

        Assert.Equal(CacheOutcome.Packed, packed!.Cache!.Outcome);
        Assert.False(File.Exists(_tree.Output));
        Assert.Equal(lost.ToArray(), sent.ToArray());
        Assert.Equal(packed.Digest, Oci.Digest.Compute(sent.ToArray()));

        PackResult? found = await RunAsync(_ => throw new InvalidOperationException("Nothing is to be packed."));
        Assert.Equal(packed with { Cache = null }, found! with { Cache = null });
        Assert.Equal(CacheOutcome.FoundByStatus, found.Cache!.Outcome);
        Assert.Equal(sent.ToArray(), await File.ReadAllBytesAsync(_tree.Output, Cancellation));
    }

    [Fact]
    public async Task FindToFileOrPackAsync_NothingIsPackedToItsEnd_IsNothing()
    {
        Assert.Null(await RunAsync(_ => Task.CompletedTask));
        Assert.Null(await RunAsync(async write => await Assert.ThrowsAsync<IOException>(() => write(new FullStream(), Cancellation))));
        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(_tree.Open())).Outcome);
    }

    [Fact]
    public async Task FindToFileOrPackAsync_SendingFails_PassesTheErrorOnAndKeepsWhatWasPacked()
    {
        IOException cause = new("The way broke.");
        Assert.Same(cause, await Assert.ThrowsAsync<IOException>(() => RunAsync(async write =>
        {
            await write(Stream.Null, Cancellation);
            throw cause;
        })));
        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(_tree.Open())).Outcome);
    }

    private Task<PackResult?> RunAsync(Func<Func<Stream, CancellationToken, Task>, Task> send) =>
        _tree.Open().FindToFileOrPackAsync(() => DirectoryReader.Read(_tree.Path).ToAsyncEnumerable(), _tree.Output, send, null, Cancellation);

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("No room is left.");
    }
}
