using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Contract;

/// <summary>What every store with names promises: <see cref="ITagStore"/> and <see cref="ITagLister"/>.</summary>
public abstract class TagStoreContract(StoreKind kind) : ContentStoreContract(kind)
{
    private const string Sixteen = "0123456789abcdef";

    protected ITagStore Tags => (ITagStore)Store;

    [Fact]
    public async Task TagAsync_Manifest_ResolvesByTagAndDigest()
    {
        ImageManifest image = await Sample.WriteImageAsync(Store, "tagged", Cancellation);
        await Tags.TagAsync(image.Descriptor, "v1.0_a-b", Cancellation);
        Assert.Equal(image.Descriptor, await Tags.ResolveAsync("v1.0_a-b", Cancellation));
        Assert.Equal(image.Descriptor, await Tags.ResolveAsync(image.Digest.ToString(), Cancellation));
    }

    [Fact]
    public async Task TagAsync_Index_ResolvesAsIndex()
    {
        ImageIndex index = await Sample.WriteNestedIndexAsync(Store, Cancellation);
        await Tags.TagAsync(index.Descriptor, "many", Cancellation);
        Assert.Equal(index.Descriptor, await Tags.ResolveAsync("many", Cancellation));
    }

    [Fact]
    public async Task TagAsync_TagOfAnother_Moves()
    {
        ImageManifest one = await Sample.WriteImageAsync(Store, "one", Cancellation);
        ImageManifest two = await Sample.WriteImageAsync(Store, "two", Cancellation);
        await Tags.TagAsync(one.Descriptor, "latest", Cancellation);
        await Tags.TagAsync(one.Descriptor, "one", Cancellation);
        await Tags.TagAsync(two.Descriptor, "latest", Cancellation);
        await Tags.TagAsync(two.Descriptor, "latest", Cancellation);

        Assert.Equal(two.Descriptor, await Tags.ResolveAsync("latest", Cancellation));
        Assert.Equal(one.Descriptor, await Tags.ResolveAsync("one", Cancellation));
        Assert.Equal(["latest", "one"], await ListAsync());
        Assert.True(await Store.ContainsAsync(one.Descriptor, Cancellation));
    }

    [Fact]
    public async Task TagAsync_TagsAtOnce_AllAreKept()
    {
        ImageManifest image = await Sample.WriteImageAsync(Store, "popular", Cancellation);
        string[] tags = [.. Enumerable.Range(10, 20).Select(i => $"t{i}")];
        await Task.WhenAll(tags.Select(tag => Task.Run(() => Tags.TagAsync(image.Descriptor, tag, Cancellation), Cancellation)));
        Assert.Equal(tags, await ListAsync());
    }

    [Fact]
    public async Task TagAsync_MissingManifest_ThrowsNotFound()
    {
        Descriptor missing = ImageIndex.Create().Descriptor;
        await Assert.ThrowsAsync<ContentNotFoundException>(() => Tags.TagAsync(missing, "void", Cancellation));
        Assert.Null(await Tags.ResolveAsync("void", Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("-a")]
    [InlineData("a\0b")]
    [InlineData("ä")]
    [InlineData(Sixteen + Sixteen + Sixteen + Sixteen + Sixteen + Sixteen + Sixteen + Sixteen + "x")]
    public async Task TagAsync_MalformedTag_Throws(string tag)
    {
        ImageManifest image = await Sample.WriteImageAsync(Store, "image", Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(() => Tags.TagAsync(image.Descriptor, tag, Cancellation));
    }

    [Fact]
    public async Task TagAsync_LongestTag_IsListedAndResolved()
    {
        ImageManifest image = await Sample.WriteImageAsync(Store, "image", Cancellation);
        string tag = new('T', 128);
        await Tags.TagAsync(image.Descriptor, tag, Cancellation);
        Assert.Equal([tag], await ListAsync());
        Assert.Equal(image.Descriptor, await Tags.ResolveAsync(tag, Cancellation));
        Assert.Null(await Tags.ResolveAsync(tag.ToLowerInvariant(), Cancellation));
    }

    [Fact]
    public async Task TagAsync_DigestAsTag_Throws()
    {
        ImageManifest image = await Sample.WriteImageAsync(Store, "image", Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(() => Tags.TagAsync(image.Descriptor, image.Digest.ToString(), Cancellation));
    }

    [Fact]
    public async Task ResolveAsync_UnknownTagOrDigest_ReturnsNull()
    {
        Assert.Null(await Tags.ResolveAsync("nothing", Cancellation));
        Assert.Null(await Tags.ResolveAsync(ImageIndex.Create().Digest.ToString(), Cancellation));
    }

    [Fact]
    public async Task ListTagsAsync_ManyTags_GivesEachOnce()
    {
        ImageManifest image = await Sample.WriteImageAsync(Store, "image", Cancellation);
        string[] tags = ["0", "1.10", "1.2", "a", "b", "latest"];
        foreach (string tag in tags.Reverse())
        {
            await Tags.TagAsync(image.Descriptor, tag, Cancellation);
        }

        Assert.Equal(tags, await ListAsync());
    }

    protected async Task<string[]> ListAsync()
    {
        List<string> tags = [];
        await foreach (string tag in ((ITagLister)Store).ListTagsAsync(Cancellation))
        {
            tags.Add(tag);
        }

        // Which order is the store's own affair: the distribution project's registry has none.
        return [.. tags.Order(StringComparer.Ordinal)];
    }
}
