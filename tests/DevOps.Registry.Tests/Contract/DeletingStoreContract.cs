using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Contract;

/// <summary>What every store that forgets content promises: <see cref="IContentDeleter"/>.</summary>
public abstract class DeletingStoreContract(StoreKind kind) : TagStoreContract(kind)
{
    [Fact]
    public async Task DeleteAsync_Content_IsGone()
    {
        IContentDeleter deleter = (IContentDeleter)Store;
        ImageManifest image = await Sample.WriteImageAsync(Store, "brief", Cancellation);
        await ((ITagStore)Store).TagAsync(image.Descriptor, "brief", Cancellation);

        Assert.True(await deleter.DeleteAsync(image.Descriptor, Cancellation));
        Assert.False(await deleter.DeleteAsync(image.Descriptor, Cancellation));
        await AssertAbsentAsync(image.Descriptor);
        Assert.Null(await ((ITagStore)Store).ResolveAsync("brief", Cancellation));

        Assert.True(await deleter.DeleteAsync(image.Layers[0], Cancellation));
        await AssertAbsentAsync(image.Layers[0]);
        Assert.True(await Store.ContainsAsync(image.Config, Cancellation));
    }

    [Fact]
    public async Task DeleteAsync_ManifestWithTags_TakesThemAndLeavesOthers()
    {
        IContentDeleter deleter = (IContentDeleter)Store;
        ImageManifest gone = await Sample.WriteImageAsync(Store, "gone", Cancellation);
        ImageManifest kept = await Sample.WriteImageAsync(Store, "kept", Cancellation);
        await Tags.TagAsync(gone.Descriptor, "a", Cancellation);
        await Tags.TagAsync(gone.Descriptor, "b", Cancellation);
        await Tags.TagAsync(kept.Descriptor, "c", Cancellation);

        Assert.True(await deleter.DeleteAsync(gone.Descriptor, Cancellation));
        Assert.Null(await Tags.ResolveAsync("a", Cancellation));
        Assert.Null(await Tags.ResolveAsync(gone.Digest.ToString(), Cancellation));
        Assert.Equal(["c"], await ListAsync());
        Assert.Equal(kept.Descriptor, await Tags.ResolveAsync("c", Cancellation));
        await Store.VerifyAsync(kept.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task DeleteAsync_Missing_SaysSo()
    {
        IContentDeleter deleter = (IContentDeleter)Store;
        Assert.False(await deleter.DeleteAsync(Sample.Blob(Sample.Bytes("never there")), Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => deleter.DeleteAsync(null!, Cancellation));
    }
}
