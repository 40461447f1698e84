using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Contract;

public sealed class CopyBetweenStoresTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [CombinatorialStores]
    public async Task CopyAsync_NestedIndex_ArrivesWhole(StoreKind from, StoreKind to)
    {
        await using OpenStore source = await OpenStore.OpenAsync(from, Cancellation);
        await using OpenStore target = await OpenStore.OpenAsync(to, Cancellation);
        ImageIndex index = await Sample.WriteNestedIndexAsync(source.Store, Cancellation);
        await ((ITagStore)source.Store).TagAsync(index.Descriptor, "source", Cancellation);

        CopyResult result = await source.Store.CopyAsync(index.Descriptor, target.Store, "copied", cancellationToken: Cancellation);
        Assert.Equal(index.Descriptor, await ((ITagStore)target.Store).ResolveAsync("copied", Cancellation));
        Assert.Equal(8, result.Copied.Length + result.Mounted.Length);
        CopyResult verified = await target.Store.VerifyAsync(index.Descriptor, cancellationToken: Cancellation);
        Assert.Equal(8, verified.Copied.Length);

        // Everything is there: a second copy moves nothing.
        CopyResult again = await source.Store.CopyAsync(index.Descriptor, target.Store, "copied", cancellationToken: Cancellation);
        Assert.Equal(0, again.CopiedBytes);
    }

    [Theory]
    [InlineData(StoreKind.EmbeddedRegistry)]
    [InlineData(StoreKind.DockerRegistry)]
    public async Task CopyAsync_WithinARegistry_MountsBlobs(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        RemoteRepository source = (RemoteRepository)open.Store;
        ImageManifest image = await Sample.WriteImageAsync(source, "shared", Cancellation);
        using RegistryClient client = new();
        RemoteRepository target = client.GetRepository(source.Registry, RepositoryName.Parse(source.Name + "/copy"));

        CopyResult result = await source.CopyAsync(image.Descriptor, target, "1", cancellationToken: Cancellation);
        Assert.Equal(2, result.Mounted.Length);
        Assert.Equal([image.Descriptor], result.Copied);
        await target.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData(StoreKind.EmbeddedRegistry)]
    [InlineData(StoreKind.DockerRegistry)]
    public async Task TryMountAsync_MissingBlob_LeavesAnUploadThatWriteUses(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        RemoteRepository source = (RemoteRepository)open.Store;
        using RegistryClient client = new();
        RemoteRepository target = client.GetRepository(source.Registry, RepositoryName.Parse(source.Name + "/copy"));
        byte[] bytes = Sample.Bytes("not mounted");
        Descriptor blob = Sample.Blob(bytes);

        Assert.False(await target.TryMountAsync(blob, source, Cancellation));
        Assert.False(await target.ContainsAsync(blob, Cancellation));
        await target.WriteAsync(blob, new MemoryStream(bytes), Cancellation);
        Assert.True(await target.ContainsAsync(blob, Cancellation));
    }

    [Fact]
    public async Task TryMountAsync_OtherKindOfSource_ReturnsFalse()
    {
        await using OpenStore open = await OpenStore.OpenAsync(StoreKind.EmbeddedRegistry, Cancellation);
        RemoteRepository target = (RemoteRepository)open.Store;
        Descriptor blob = await Sample.WriteAsync(target, MediaTypes.LayerGzip, Sample.Bytes("mine"), Cancellation);
        Assert.False(await target.TryMountAsync(blob, new MemoryStore(), Cancellation));
        Assert.False(await target.TryMountAsync(blob, target, Cancellation));
    }
}
