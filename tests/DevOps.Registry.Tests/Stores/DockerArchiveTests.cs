using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Stores;

/// <remarks>Source: moby, image/spec/v1.2.md, "Combined Image JSON + Filesystem Changeset Format".</remarks>
public sealed class DockerArchiveTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task OpenAsync_LegacyLayers_AreDescribedByTheirDiffIds()
    {
        SavedArchive saved = new SavedArchive().WithImage(out ImageConfig config, "base", "top").With("repositories", "{}");
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, ["shop/api:1.0", "alpine:3"], "layer0/layer.tar", "layer1/layer.tar").ToBytes());

        DockerArchiveImage image = Assert.Single(archive.Images);
        Assert.Equal(["shop/api:1.0", "alpine:3"], image.Names);
        ImageManifest manifest = (ImageManifest)await archive.ReadManifestAsync(image.Manifest, Cancellation);
        Assert.Equal(config.Digest, manifest.Config.Digest);
        Assert.Equal(config.DiffIds, manifest.Layers.Select(layer => layer.Digest));
        Assert.All(manifest.Layers, layer => Assert.Equal(MediaTypes.Layer, layer.MediaType));
        Assert.Equal(SavedArchive.Layer("top"), (await archive.ReadAllBytesAsync(manifest.Layers[1], cancellationToken: Cancellation)).ToArray());
        Assert.Equal(image.Manifest, await archive.ResolveAsync("alpine:3", Cancellation));
        Assert.Equal(image.Manifest, await archive.ResolveAsync(image.Manifest.Digest.ToString(), Cancellation));
        Assert.Null(await archive.ResolveAsync("alpine:4", Cancellation));
        Assert.Equal(4, (await archive.VerifyAsync(image.Manifest, cancellationToken: Cancellation)).Copied.Length);
    }

    [Fact]
    public async Task OpenAsync_SymlinkedLayer_IsFoundThroughTheLink()
    {
        // Engines before 25 wrote a layer that two images share once, and links to it.
        byte[] layer = SavedArchive.Layer("shared");
        ImageConfig config = SavedArchive.Config(layer, layer);
        SavedArchive saved = new SavedArchive().With($"{config.Digest.Hex}.json", config.RawBytes.ToArray()).With("a/layer.tar", layer).WithLink("b/layer.tar", "../a/layer.tar");
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, null, "a/layer.tar", "b/layer.tar").ToBytes());
        Assert.Empty(archive.Images[0].Names);
        await archive.VerifyAsync(archive.Images[0].Manifest, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task OpenAsync_GzipLayer_IsDescribedByItsOwnBytes()
    {
        byte[] layer = SavedArchive.Layer("small");
        byte[] gzip = SavedArchive.Gzip(layer);
        ImageConfig config = SavedArchive.Config(layer);
        SavedArchive saved = new SavedArchive().With($"{config.Digest.Hex}.json", config.RawBytes.ToArray()).With("a/layer.tar", gzip);
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, [], "a/layer.tar").ToBytes());
        ImageManifest manifest = (ImageManifest)await archive.ReadManifestAsync(archive.Images[0].Manifest, Cancellation);
        Assert.Equal(Descriptor.ForContent(MediaTypes.LayerGzip, gzip), Assert.Single(manifest.Layers));
        Assert.Equal(gzip, (await archive.ReadAllBytesAsync(manifest.Layers[0], cancellationToken: Cancellation)).ToArray());
    }

    [Fact]
    public async Task OpenAsync_SeveralImages_AreAllThere()
    {
        SavedArchive saved = new SavedArchive().WithImage(out ImageConfig one, "one").WithImage(out ImageConfig two);
        JsonArray list = [SavedArchive.Item(one, ["a:1"], "layer0/layer.tar"), SavedArchive.Item(two, ["b:2"])];
        DockerArchive archive = await OpenAsync(saved.With("manifest.json", list.ToJsonString()).ToBytes());
        Assert.Equal(["a:1", "b:2"], archive.Images.SelectMany(image => image.Names));
    }

    [Fact]
    public async Task OpenAsync_LayoutInAnArchive_KeepsItsDigests()
    {
        byte[] layer = SavedArchive.Gzip(SavedArchive.Layer("x"));
        ImageConfig config = SavedArchive.Config(SavedArchive.Layer("x"));
        ImageManifest manifest = ImageManifest.Create(config.Descriptor, Descriptor.ForContent(MediaTypes.LayerGzip, layer));
        ImageIndex index = ImageIndex.Create(manifest.Descriptor with
        {
            Annotations = manifest.Descriptor.Annotations.Add("io.containerd.image.name", "docker.io/library/alpine:3").Add(OciLayout.RefName, "3"),
        });
        SavedArchive saved = new SavedArchive().With("oci-layout", OciLayout.MarkerText).With("index.json", index.RawBytes.ToArray())
            .With($"blobs/sha256/{manifest.Digest.Hex}", manifest.RawBytes.ToArray()).With($"blobs/sha256/{config.Digest.Hex}", config.RawBytes.ToArray())
            .With($"blobs/sha256/{Digest.Compute(layer).Hex}", layer).With("blobs/sha256/not-a-digest", "x");
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, ["other:tag"], "nowhere").ToBytes());
        Assert.Equal(manifest.Descriptor, Assert.Single(archive.Images).Manifest);
        Assert.Equal(["alpine:3"], archive.Images[0].Names);
        Assert.Equal(3, (await archive.VerifyAsync(manifest.Descriptor, cancellationToken: Cancellation)).Copied.Length);
    }

    [Fact]
    public async Task OpenReadAsync_LayerThatIsNotItsDiffId_FailsWhileReading()
    {
        SavedArchive saved = new SavedArchive().WithImage(out ImageConfig config, "base").With("layer0/other.tar", SavedArchive.Layer("evil"));
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, null, "layer0/other.tar").ToBytes());
        await Assert.ThrowsAsync<DigestMismatchException>(() => archive.VerifyAsync(archive.Images[0].Manifest, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ContentNotFoundException>(() => archive.OpenReadAsync(Descriptor.EmptyJson, Cancellation));
    }

    [Fact]
    public async Task OpenAsync_LinksThatLoopOrLeave_AreMissingFiles()
    {
        foreach (string name in (string[])["loop", "out", "/etc/passwd", "../../etc/passwd", ""])
        {
            SavedArchive saved = new SavedArchive().WithImage(out ImageConfig config, "base")
                .WithLink("loop", "loop2").WithLink("loop2", "loop").WithLink("out", "../../../../etc/passwd");
            byte[] bytes = saved.WithManifest(config, null, name).ToBytes();
            await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(bytes));
        }

    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[5]")]
    [InlineData("[{}]")]
    [InlineData("""[{"Config":"missing.json","Layers":[]}]""")]
    [InlineData("""[{"Config":"manifest.json","Layers":[]}]""")]
    [InlineData("""[{"Config":"config.json","Layers":{}}]""")]
    [InlineData("""[{"Config":"config.json","Layers":["one too many"]}]""")]
    [InlineData("""[{"Config":5,"Layers":[]}]""")]
    public async Task OpenAsync_MalformedManifest_IsRefused(string manifest)
    {
        byte[] bytes = new SavedArchive().With("config.json", ImageConfig.Empty.RawBytes.ToArray()).With("manifest.json", manifest).ToBytes();
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(bytes));
    }

    [Theory]
    [InlineData("""[{"Config":null,"Layers":[]}]""")]
    [InlineData("""[{"Config":"layered.json","Layers":[null]}]""")]
    [InlineData("""[{"Config":"config.json","Layers":[],"RepoTags":[null]}]""")]
    [InlineData("[null]")]
    public async Task OpenAsync_NullsInTheManifest_AreRefused(string manifest)
    {
        byte[] bytes = new SavedArchive().With("config.json", ImageConfig.Empty.RawBytes.ToArray())
            .With("layered.json", SavedArchive.Config(SavedArchive.Layer("x")).RawBytes.ToArray()).With("manifest.json", manifest).ToBytes();
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(bytes));
    }

    [Fact]
    public async Task OpenAsync_NoArchiveOfImages_IsRefused()
    {
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(new SavedArchive().With("file", "x").ToBytes()));
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync([]));
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync("This is a text and no archive."u8.ToArray()));
        await Assert.ThrowsAsync<FileNotFoundException>(() => DockerArchive.OpenAsync(_directory.PathOf("missing.tar"), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => DockerArchive.OpenAsync("", Cancellation));
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 })]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD })]
    public async Task OpenAsync_CompressedArchive_IsRefusedWithTheRemedy(byte[] magic)
    {
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync([.. magic, .. new byte[2000]]));
        Assert.Contains("decompress it first", error.Message, StringComparison.Ordinal);
    }

    private async Task<DockerArchive> OpenAsync(byte[] bytes) => await DockerArchive.OpenAsync(_directory.Write("saved.tar", bytes), Cancellation);
}
