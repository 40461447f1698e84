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
}
