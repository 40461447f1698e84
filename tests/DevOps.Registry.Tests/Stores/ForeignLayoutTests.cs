using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Stores;

/// <summary>Layouts as other programs write them.</summary>
public sealed class ForeignLayoutTests : IDisposable
{
    private const string ContainerdName = "io.containerd.image.name";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly OciLayout _layout;

    public ForeignLayoutTests() => _layout = new(_directory.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _layout.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task ResolveAsync_TwoImagesOfOneTag_AreToldApartByTheirReferences()
    {
        // As 'docker save alpine:latest ghcr.io/team/api:latest' of engines from 25 on.
        (ImageManifest alpine, ImageManifest api) = await WriteTwoAsync();
        Assert.Equal(alpine.Descriptor, await _layout.ResolveAsync("docker.io/library/alpine:latest", Cancellation));
        Assert.Equal(alpine.Descriptor, await _layout.ResolveAsync("docker.io/library/alpine", Cancellation));
        Assert.Equal(alpine.Descriptor, await _layout.ResolveAsync("alpine:latest", Cancellation));
        Assert.Equal(api.Descriptor, await _layout.ResolveAsync("ghcr.io/team/api:latest", Cancellation));
        Assert.Equal(api.Descriptor, await _layout.ResolveAsync(api.Digest.ToString(), Cancellation));
        Assert.Null(await _layout.ResolveAsync("alpine", Cancellation));
        Assert.Null(await _layout.ResolveAsync("ghcr.io/team/api:1", Cancellation));
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(async () => await _layout.ResolveAsync("latest", Cancellation));
        Assert.Contains(api.Digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(["latest"], await _layout.ListTagsAsync(Cancellation).ToArrayAsync(Cancellation));
        await Assert.ThrowsAsync<DevOpsException>(() => _layout.DeleteTagAsync("latest", Cancellation));
    }

    [Fact]
    public async Task TagAsync_TagOfImagesWithReferences_TakesTheTagAndLeavesTheImages()
    {
        (ImageManifest alpine, ImageManifest api) = await WriteTwoAsync();
        await _layout.TagAsync(api.Descriptor, "latest", Cancellation);
        Assert.Equal(api.Descriptor, await _layout.ResolveAsync("latest", Cancellation));
        Assert.Equal(alpine.Descriptor, await _layout.ResolveAsync("alpine:latest", Cancellation));
        Assert.Equal(2, (await _layout.ReadIndexAsync(Cancellation)).Manifests.Length);

        // Another tag is no longer what the whole reference says.
        Descriptor listed = (await _layout.ResolveAsync("alpine:latest", Cancellation))!;
        await _layout.TagAsync(listed, "3", Cancellation);
        Assert.Equal(["3", "latest"], await _layout.ListTagsAsync(Cancellation).ToArrayAsync(Cancellation));
        Assert.DoesNotContain(ContainerdName, (await _layout.ResolveAsync("3", Cancellation))!.Annotations.Keys);
    }

    [Fact]
    public async Task DeleteTagAsync_Names_TakeOnlyTheirEntries()
    {
        (ImageManifest alpine, ImageManifest api) = await WriteTwoAsync();
        await _layout.TagAsync(api.Descriptor, "v1", Cancellation);
        Assert.False(await _layout.DeleteTagAsync("v2", Cancellation));
        Assert.True(await _layout.DeleteTagAsync("alpine:latest", Cancellation));
        Assert.Null(await _layout.ResolveAsync("alpine:latest", Cancellation));
        Assert.True(await _layout.ContainsAsync(alpine.Descriptor, Cancellation));
        Assert.True(await _layout.DeleteTagAsync("latest", Cancellation));
        Assert.False(await _layout.DeleteTagAsync("latest", Cancellation));
        Assert.Equal(api.Descriptor, await _layout.ResolveAsync("v1", Cancellation));
        Assert.Equal(["v1"], await _layout.ListTagsAsync(Cancellation).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task ResolveAsync_TagThatIsAReference_IsFoundByItself()
    {
        // As 'skopeo copy … oci:DIRECTORY:docker.io/library/alpine:3' writes it.
        ImageManifest image = await Sample.WriteImageAsync(_layout, "one", Cancellation);
        WriteIndex(Named(image, "docker.io/library/alpine:3"));
        Assert.Equal(image.Descriptor, await _layout.ResolveAsync("docker.io/library/alpine:3", Cancellation));
        Assert.Equal(image.Descriptor, await _layout.ResolveAsync("alpine:3", Cancellation));
        Assert.Equal(["docker.io/library/alpine:3"], await _layout.ListTagsAsync(Cancellation).ToArrayAsync(Cancellation));
        Assert.True(await _layout.DeleteTagAsync("docker.io/library/alpine:3", Cancellation));
        Assert.Empty((await _layout.ReadIndexAsync(Cancellation)).Manifests);
    }

    [Fact]
    public async Task ReadIndexAsync_MediaTypesLeftAway_IsRead()
    {
        // umoci writes neither the index's media type nor, by old versions, the manifest's.
        ImageManifest image = (await Sample.WriteImageAsync(_layout, "one", Cancellation)).Edit(tree => tree.Remove("mediaType"));
        await _layout.WriteAsync(image.Descriptor, new MemoryStream(image.RawBytes.ToArray()), Cancellation);
        _directory.Write("index.json", new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(Named(image, "v1").ToJson()) }.ToJsonString());
        Descriptor root = (await _layout.ResolveAsync("v1", Cancellation))!;
        Assert.Equal(3, (await _layout.VerifyAsync(root, cancellationToken: Cancellation)).Copied.Length);
        Assert.Equal(1, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).ManifestCount);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"imageLayoutVersion":"2.0.0"}""")]
    [InlineData("""{"imageLayoutVersion":1}""")]
    [InlineData("[]")]
    public async Task ReadIndexAsync_NoMarkerOrAnother_IsRefused(string? marker)
    {
        _directory.Write("index.json", ImageIndex.Create().RawBytes.Span);
        if (marker is not null)
        {
            _directory.Write("oci-layout", marker);
        }

        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
        Assert.Contains("oci-layout", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidContentException>(() => Sample.WriteImageAsync(_layout, "one", Cancellation));
    }

    [Fact]
    public async Task Methods_LayoutInTheMaking_IsEmptyAndCanBeWritten()
    {
        // What another process has there in the moment before the first file has its name, or left there when it was killed in it.
        _directory.Write(".lock");
        _directory.Write(".abc.partial", "{");
        Assert.Empty((await _layout.ReadIndexAsync(Cancellation)).Manifests);
        Assert.Null(await _layout.ResolveAsync("v1", Cancellation));
        ImageManifest image = await Sample.WriteImageAsync(_layout, "one", Cancellation);
        await _layout.TagAsync(image.Descriptor, "v1", Cancellation);

        // A marker alone is one that was killed a moment later.
        File.Delete(_directory.PathOf("index.json"));
        Assert.Empty((await _layout.ReadIndexAsync(Cancellation)).Manifests);
        await Sample.WriteImageAsync(_layout, "two", Cancellation);
        Assert.True(File.Exists(_directory.PathOf("index.json")));
    }

    [Fact]
    public async Task Methods_NoFolderOfBlobs_HoldNothing()
    {
        _directory.Write("oci-layout", OciLayout.MarkerText);
        _directory.Write("index.json", ImageIndex.Create(Descriptor.EmptyJson).RawBytes.Span);
        Descriptor sha512 = Sample.Blob(Sample.Bytes("sha512"), DigestAlgorithm.Sha512);
        foreach (string folder in (string[])["", "blobs", "blobs/sha256"])
        {
            Directory.CreateDirectory(_directory.PathOf(folder));
            Assert.False(await _layout.ContainsAsync(sha512, Cancellation));
            await Assert.ThrowsAsync<ContentNotFoundException>(() => _layout.OpenReadAsync(sha512, Cancellation));
            Assert.False(await _layout.DeleteAsync(sha512, Cancellation));
            Assert.Equal(0, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).KeptBlobCount);
        }

        await _layout.WriteAsync(sha512, new MemoryStream(Sample.Bytes("sha512")), Cancellation);
        Assert.True(File.Exists(_directory.PathOf($"blobs/sha512/{sha512.Digest.Hex}")));
    }

    private async Task<(ImageManifest Alpine, ImageManifest Api)> WriteTwoAsync()
    {
        ImageManifest alpine = await Sample.WriteImageAsync(_layout, "alpine", Cancellation);
        ImageManifest api = await Sample.WriteImageAsync(_layout, "api", Cancellation);
        WriteIndex(Named(alpine, "latest", "docker.io/library/alpine:latest"), Named(api, "latest", "ghcr.io/team/api:latest"));
        return (alpine, api);
    }

    private void WriteIndex(params Descriptor[] entries) => _directory.Write("index.json", ImageIndex.Create(entries).RawBytes.Span);

    private static Descriptor Named(ImageManifest image, string tag, string? reference = null)
    {
        Descriptor named = image.Descriptor with { Annotations = image.Descriptor.Annotations.Add(OciLayout.RefName, tag) };
        return reference is null ? named : named with { Annotations = named.Annotations.Add(ContainerdName, reference) };
    }
}
