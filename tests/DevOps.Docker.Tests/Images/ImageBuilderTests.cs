using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;

namespace DevOps.Docker.Tests;

public sealed class ImageBuilderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly TestStore _store = new();

    public ImageBuilderTests()
    {
        _directory.Write("files/hello", "hello");
        _directory.MakeDirectory("work");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Layer Files => Layer.FromDirectory(_directory.PathOf("files"), null, "files");

    private ImageBuildOptions Options => new() { WorkDirectory = _directory.PathOf("work") };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task BuildAsync_Scratch_HasAllItsParts()
    {
        DateTimeOffset created = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        await using BuiltImage image = await ImageBuilder.Scratch
            .WithLayer(Files).WithPlatform(Platform.LinuxArm64).WithCreated(created)
            .WithEntrypoint("/hello").WithCmd("-v").WithEnv("A", "1").WithLabel("l", "2").WithAnnotation(ImageAnnotations.Title, "t")
            .BuildAsync(null, Options, cancellationToken: Cancellation);

        BuiltLayer layer = Assert.Single(image.Layers);
        Assert.Equal(MediaTypes.ImageManifest, image.Descriptor.MediaType);
        Assert.Equal(MediaTypes.ImageConfig, image.Manifest.Config.MediaType);
        Assert.Equal([layer.Descriptor], image.Manifest.Layers);
        Assert.Equal([layer.DiffId], image.Config.DiffIds);
        Assert.Equal(image.ImageId, image.Manifest.Config.Digest);
        Assert.Equal(image.Config.RawBytes.Length, image.Manifest.Config.SizeBytes);
        Assert.Equal(Platform.LinuxArm64, image.Config.Platform);
        Assert.Equal(created, image.Config.Created);
        Assert.Equal((created, "files"), (image.Config.History[0].Created, image.Config.History[0].CreatedBy));
        Assert.Equal(["/hello"], image.Config.Entrypoint);
        Assert.Equal(["-v"], image.Config.Cmd);
        Assert.Equal("t", Assert.Single(image.Manifest.Annotations).Value);
    }

    [Fact]
    public async Task BuildAsync_ScratchWithNothing_IsAnImageWithoutLayers()
    {
        await using BuiltImage image = await ImageBuilder.Scratch.BuildAsync(null, Options, cancellationToken: Cancellation);
        Assert.Empty(image.Manifest.Layers);
        Assert.Equal("1970-01-01T00:00:00Z", (string?)image.Config.ToJson()["created"]);
        Assert.Empty(image.Manifest.Annotations);
    }

    [Fact]
    public async Task BuildAsync_SameDescription_HasTheSameDigest()
    {
        await using BuiltImage one = await ImageBuilder.Scratch.WithLayer(Files).WithLabel("b", "1").WithLabel("a", "2").BuildAsync(null, Options, cancellationToken: Cancellation);
        await using BuiltImage two = await ImageBuilder.Scratch.WithLayer(Files).WithLabel("b", "1").WithLabel("a", "2").BuildAsync(null, Options with { MaxConcurrency = 8 }, cancellationToken: Cancellation);
        Assert.Equal(one.Digest, two.Digest);
        Assert.Equal(one.Manifest.RawBytes.ToArray(), two.Manifest.RawBytes.ToArray());
    }

    [Fact]
    public async Task With_AnyMethod_LeavesTheBuilderAlone()
    {
        ImageBuilder builder = ImageBuilder.Scratch;
        _ = builder.WithLayer(Files).WithLabel("a", "b").WithPlatform(Platform.LinuxArm64);
        await using BuiltImage image = await builder.BuildAsync(null, Options, cancellationToken: Cancellation);
        Assert.Empty(image.Layers);
        Assert.Empty(image.Config.Labels);
        Assert.Equal(Platform.LinuxAmd64, image.Config.Platform);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BuildAsync_StoredBase_StaysInItsFamilyAndKeepsItsConfig(bool docker)
    {
        Descriptor root = BaseImages.Add(_store, Platform.LinuxAmd64, docker);
        await using BuiltImage image = await ImageBuilder.From(_store, root).WithLayer(Files).WithEnv("PATH", "/usr/bin").BuildAsync(null, Options, cancellationToken: Cancellation);

        Assert.Equal(docker ? MediaTypes.DockerManifest : MediaTypes.ImageManifest, image.Descriptor.MediaType);
        Assert.Equal(image.Descriptor.MediaType, (string?)image.Manifest.ToJson()["mediaType"]);
        Assert.Equal(docker ? MediaTypes.DockerConfig : MediaTypes.ImageConfig, image.Manifest.Config.MediaType);
        Assert.All(image.Manifest.Layers, layer => Assert.Equal(docker ? MediaTypes.DockerLayerGzip : MediaTypes.LayerGzip, layer.MediaType));
        Assert.Equal(2, image.Manifest.Layers.Length);
        Assert.Equal(image.Layers[0].Descriptor, image.Manifest.Layers[1]);
        Assert.Equal(["base layer", "files"], image.Config.History.Select(line => line.CreatedBy));
        Assert.Equal(["PATH=/usr/bin"], image.Config.Env);
        Assert.Equal(["-c", "old"], image.Config.Cmd);
        Assert.Equal(30_000_000_000, (long)image.Config.ToJson()["config"]!["Healthcheck"]!["Interval"]!);
        Assert.Equal(root.Digest.ToString(), image.Manifest.Annotations[ImageAnnotations.BaseDigest]);
        Assert.Equal(2, _store.Logged(StoreOperation.OpenRead).Count);
    }

    [Theory]
    [InlineData(CompressionFormat.None, false, MediaTypes.Layer)]
    [InlineData(CompressionFormat.None, true, MediaTypes.DockerLayer)]
    [InlineData(CompressionFormat.Gzip, true, MediaTypes.DockerLayerGzip)]
    public async Task BuildAsync_Compression_ChoosesTheMediaType(CompressionFormat format, bool docker, string expected)
    {
        Descriptor root = BaseImages.Add(_store, Platform.LinuxAmd64, docker);
        await using BuiltImage image = await ImageBuilder.From(_store, root).WithLayer(Files).BuildAsync(null, Options with { Layers = new() { Compression = format == CompressionFormat.None ? PackCompression.None : PackCompression.Gzip() } }, cancellationToken: Cancellation);
        Assert.Equal(expected, image.Layers[0].Descriptor.MediaType);
        Assert.Equal(format == CompressionFormat.None, image.Layers[0].DiffId == image.Layers[0].Descriptor.Digest);
    }

    [Fact]
    public async Task BuildAsync_EntrypointOnABase_DropsTheBasesArguments()
    {
        Descriptor root = BaseImages.Add(_store, Platform.LinuxAmd64);
        await using BuiltImage image = await ImageBuilder.From(_store, root).WithEntrypoint("/app").BuildAsync(null, Options, cancellationToken: Cancellation);
        Assert.Equal(["/app"], image.Config.Entrypoint);
        Assert.Empty(image.Config.Cmd);
    }

    [Fact]
    public async Task BuildAsync_IndexAsBase_IsEnteredForThePlatform()
    {
        Descriptor amd64 = BaseImages.Add(_store, Platform.LinuxAmd64) with { Platform = Platform.LinuxAmd64 };
        Descriptor arm64 = BaseImages.Add(_store, Platform.LinuxArm64) with { Platform = Platform.LinuxArm64 };
        Descriptor inner = _store.Add(ImageIndex.Create(arm64)) with { Platform = Platform.LinuxArm64 };
        Descriptor root = _store.Add(ImageIndex.Create(amd64, inner));
        await using BuiltImage image = await ImageBuilder.From(_store, root).WithPlatform(Platform.LinuxArm64).BuildAsync(null, Options, cancellationToken: Cancellation);

        Assert.Equal(Platform.LinuxArm64, image.Config.Platform);
        Assert.Equal(arm64.Digest.ToString(), image.Manifest.Annotations[ImageAnnotations.BaseDigest]);
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() =>
            ImageBuilder.From(_store, root).WithPlatform(Platform.Parse("linux/s390x")).BuildAsync(null, Options, cancellationToken: Cancellation));
        Assert.Contains("linux/amd64, linux/arm64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_BaseForAnotherPlatform_IsRefused()
    {
        Descriptor root = BaseImages.Add(_store, Platform.LinuxArm64);
        await Assert.ThrowsAsync<DevOpsException>(() => ImageBuilder.From(_store, root).BuildAsync(null, Options, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task BuildAsync_BaseWithOtherNumbersOfLayersAndDiffIds_IsRefused()
    {
        Descriptor config = _store.Add(ImageConfig.Empty);
        Descriptor root = _store.Add(ImageManifest.Create(config, _store.Add(MediaTypes.LayerGzip, [1])));
        await Assert.ThrowsAsync<InvalidContentException>(() => ImageBuilder.From(_store, root).BuildAsync(null, Options, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task BuildAsync_MissingBase_SaysSo() =>
        await Assert.ThrowsAsync<ContentNotFoundException>(() => ImageBuilder.From(_store, ImageIndex.Create().Descriptor).BuildAsync(null, Options, cancellationToken: Cancellation));

    [Theory]
    [InlineData("localhost:5000/team/base", "localhost:5000/team/base:latest")]
    [InlineData("localhost:5000/team/base:1.2", "localhost:5000/team/base:1.2")]
    public async Task BuildAsync_BaseByTag_IsNamedInAnAnnotation(string reference, string expected)
    {
        TestRepository repository = new("localhost:5000", "team/base");
        Descriptor root = BaseImages.Add(repository, Platform.LinuxAmd64);
        await repository.TagAsync(root, ImageReference.Parse(expected).Tag!, Cancellation);
        await using BuiltImage image = await ImageBuilder.From(reference).BuildAsync(repository, Options, cancellationToken: Cancellation);

        Assert.Equal(expected, image.Manifest.Annotations[ImageAnnotations.BaseName]);
        Assert.Equal(root.Digest.ToString(), image.Manifest.Annotations[ImageAnnotations.BaseDigest]);
    }

    [Fact]
    public async Task BuildAsync_TagThatIsNotThere_SaysSo()
    {
        TestRepository repository = new("localhost:5000", "team/base");
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() =>
            ImageBuilder.From("localhost:5000/team/base:missing").BuildAsync(repository, Options, cancellationToken: Cancellation));
        Assert.Contains("localhost:5000/team/base:missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_BaseInARegistryWithoutAClient_SaysTheRemedy() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => ImageBuilder.From("alpine").BuildAsync(null, Options, cancellationToken: Cancellation));

    [Fact]
    public async Task BuildAsync_Failure_LeavesNoFilesBehind()
    {
        Layer missing = Layer.FromDirectory(_directory.PathOf("missing"));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => ImageBuilder.Scratch.WithLayer(Files).WithLayer(missing).BuildAsync(null, Options, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ImageBuilder.Scratch.WithLayer(Files).WithConfig(_ => null!).BuildAsync(null, Options, cancellationToken: Cancellation));
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageBuilder.Scratch.WithLayer(Files).BuildAsync(null, Options, cancellationToken: stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.PathOf("work")));
    }

    [Fact]
    public async Task BuildAsync_TwoEqualLayers_AreOneBlob()
    {
        await using BuiltImage image = await ImageBuilder.Scratch.WithLayer(Files).WithLayer(Files).BuildAsync(null, Options, cancellationToken: Cancellation);
        CopyResult result = await image.SaveAsync(_store, cancellationToken: Cancellation);
        Assert.Equal(2, image.Config.DiffIds.Length);
        Assert.Equal(1, result.CopiedLayers);
    }

    [Fact] // setting the entrypoint drops what the base had; what this builder was told stays, whichever came first
    public async Task BuildAsync_CmdBeforeEntrypoint_KeepsBoth()
    {
        Descriptor root = BaseImages.Add(_store, Platform.LinuxAmd64);
        await using BuiltImage image = await ImageBuilder.From(_store, root).WithCmd("-v").WithEntrypoint("/app").BuildAsync(null, Options, cancellationToken: Cancellation);
        Assert.Equal(["/app"], image.Config.Entrypoint);
        Assert.Equal(["-v"], image.Config.Cmd);
    }
}
