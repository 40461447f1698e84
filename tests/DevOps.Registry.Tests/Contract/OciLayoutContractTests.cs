using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Contract;

public sealed class OciLayoutContractTests() : DeletingStoreContract(StoreKind.Layout)
{
    [Fact]
    public async Task AddRootAsync_Manifest_IsListedOnceWithoutATag()
    {
        IRootStore roots = (IRootStore)Store;
        ImageManifest image = await Sample.WriteImageAsync(Store, "root", Cancellation);
        Assert.Null(await Tags.ResolveAsync(image.Digest.ToString(), Cancellation));
        await roots.AddRootAsync(image.Descriptor, Cancellation);
        await roots.AddRootAsync(image.Descriptor, Cancellation);
        Assert.Equal(image.Descriptor, await Tags.ResolveAsync(image.Digest.ToString(), Cancellation));
        Assert.Empty(await ListAsync());

        await Tags.TagAsync(image.Descriptor, "named", Cancellation);
        await roots.AddRootAsync(image.Descriptor, Cancellation);
        Assert.Equal(["named"], await ListAsync());
        await Assert.ThrowsAsync<ContentNotFoundException>(() => roots.AddRootAsync(ImageIndex.Create().Descriptor, Cancellation));
    }
}
