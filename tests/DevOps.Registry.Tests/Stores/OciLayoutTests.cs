using System.Text;
using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Stores;

/// <remarks>Source: OCI image-spec 1.1, image-layout.md.</remarks>
public sealed class OciLayoutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ReadIndexAsync_LayoutByHand_IsRead()
    {
        // Laid out by hand after the example of image-layout.md: a tag, an untagged image, and a member nobody knows.
        const string Empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"; // printf '{}' | sha256sum
        string manifest = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":"sha256:"""
            + Empty + "\"},\"layers\":[]}";
        Digest digest = Digest.Compute(Encoding.UTF8.GetBytes(manifest));
        string listed = $$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":{{{manifest.Length}}},"digest":"{{{digest}}}","annotations":{"org.opencontainers.image.ref.name":"v1.0"}}""";
        _directory.Write("oci-layout", """{"imageLayoutVersion": "1.0.0"}""");
        _directory.Write("index.json", $$$"""{"schemaVersion":2,"manifests":[{{{listed}}}],"annotations":{"com.example.index.revision":"r124356"}}""");
        _directory.Write($"blobs/sha256/{Empty}", "{}");
        _directory.Write($"blobs/sha256/{digest.Hex}", manifest);

        using OciLayout layout = new(_directory.Path);
        Descriptor? found = await layout.ResolveAsync("v1.0", Cancellation);
        Assert.Equal(digest, found!.Digest);
        CopyResult all = await layout.VerifyAsync(found, cancellationToken: Cancellation);
        Assert.Equal(2, all.Copied.Length);
        Assert.Equal("r124356", (await layout.ReadIndexAsync(Cancellation)).Annotations["com.example.index.revision"]);
    }

    [Fact]
    public async Task WriteAsync_NewDirectory_MakesALayout()
    {
        string path = _directory.PathOf("deep/er/layout");
        using OciLayout layout = new(path);
        ImageManifest image = await Contract.Sample.WriteImageAsync(layout, "one", Cancellation);
        await layout.TagAsync(image.Descriptor, "v1", Cancellation);
        Assert.Equal("1.0.0", (string?)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(path, "oci-layout"), Cancellation))!["imageLayoutVersion"]);
        JsonNode index = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(path, "index.json"), Cancellation))!;
        Assert.Equal(2, (int)index["schemaVersion"]!);
        Assert.Equal("v1", (string?)index["manifests"]![0]!["annotations"]!["org.opencontainers.image.ref.name"]);
        Assert.Equal(
            ((Digest[])[image.Config.Digest, image.Layers[0].Digest, image.Digest]).Select(digest => $"blobs/sha256/{digest.Hex}").Append(".lock").Append("index.json").Append("oci-layout").Order(StringComparer.Ordinal),
            Files(path));
    }

    [Fact]
    public async Task Constructor_Alone_MakesNothing()
    {
        using OciLayout layout = new(_directory.PathOf("none"));
        Assert.Empty((await layout.ReadIndexAsync(Cancellation)).Manifests);
        Assert.False(Directory.Exists(layout.Path));
        Assert.Throws<ArgumentException>(() => new OciLayout(""));
    }

    [Fact]
    public async Task WriteAsync_DirectoryOfSomethingElse_IsRefusedAndLeftAlone()
    {
        _directory.Write("holiday.jpg", "not a layout");
        using OciLayout layout = new(_directory.Path);
        await Assert.ThrowsAsync<InvalidContentException>(() => layout.ReadIndexAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => Contract.Sample.WriteImageAsync(layout, "one", Cancellation));
        Assert.Equal(["holiday.jpg"], Files(_directory.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"a/b","size":1,"digest":"sha256:../../../etc/passwd"}]}""")]
    [InlineData("""{"name":"a web page's index.json"}""")]
    public async Task ReadIndexAsync_NoIndex_IsRefused(string index)
    {
        _directory.Write("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        _directory.Write("index.json", index);
        using OciLayout layout = new(_directory.Path);
        await Assert.ThrowsAsync<InvalidContentException>(() => layout.ReadIndexAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(async () => await layout.ResolveAsync("latest", Cancellation));
    }

    [Fact]
    public async Task ReadIndexAsync_IndexAboveTheLimit_IsRefused()
    {
        _directory.Write("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        _directory.Write("index.json", new byte[OciDocument.MaxLengthBytes + 1]);
        using OciLayout layout = new(_directory.Path);
        await Assert.ThrowsAsync<InvalidContentException>(() => layout.ReadIndexAsync(Cancellation));
    }

    [Fact]
    public async Task ReadIndexAsync_DamagedIndexes_OnlyThrowsWhatItSays()
    {
        using OciLayout layout = new(_directory.Path);
        ImageManifest image = await Contract.Sample.WriteImageAsync(layout, "one", Cancellation);
        await layout.TagAsync(image.Descriptor, "v1", Cancellation);
        byte[] valid = await File.ReadAllBytesAsync(_directory.PathOf("index.json"), Cancellation);
        foreach (byte[] damaged in Damage.Of(valid, seed: 5, count: 500))
        {
            _directory.Write("index.json", damaged);
            Exception? error = await Record.ExceptionAsync(async () => await layout.ResolveAsync("v1", Cancellation));
            Assert.True(error is null or InvalidContentException, error?.ToString());
        }
    }

    [Fact]
    public async Task TagAsync_IndexWithUnknownMembers_KeepsThem()
    {
        using OciLayout layout = new(_directory.Path);
        ImageManifest one = await Contract.Sample.WriteImageAsync(layout, "one", Cancellation);
        ImageManifest two = await Contract.Sample.WriteImageAsync(layout, "two", Cancellation);
        JsonObject listed = (one.Descriptor with { Platform = Platform.LinuxArm64 }).ToJson();
        listed["x-known-to-others"] = new JsonArray(1, "two");
        _directory.Write("index.json", new JsonObject { ["schemaVersion"] = 2, ["x-top"] = new JsonObject { ["a"] = null }, ["manifests"] = new JsonArray(listed) }.ToJsonString());

        await layout.TagAsync(two.Descriptor, "two", Cancellation);
        JsonNode index = JsonNode.Parse(await File.ReadAllTextAsync(_directory.PathOf("index.json"), Cancellation))!;
        Assert.True(index["x-top"]!.AsObject().ContainsKey("a"));
        Assert.Equal("""[1,"two"]""", index["manifests"]![0]!["x-known-to-others"]!.ToJsonString());
        Assert.Equal("arm64", (string?)index["manifests"]![0]!["platform"]!["architecture"]);
        Assert.Equal(2, ((JsonArray)index["manifests"]!).Count);
    }

    [Fact]
    public async Task TagAsync_TwoTagsOfOneManifest_AreTwoLines()
    {
        using OciLayout layout = new(_directory.Path);
        ImageManifest image = await Contract.Sample.WriteImageAsync(layout, "one", Cancellation);
        await layout.AddRootAsync(image.Descriptor, Cancellation);
        await layout.TagAsync(image.Descriptor with { Platform = Platform.LinuxAmd64 }, "a", Cancellation);
        await layout.TagAsync(image.Descriptor, "b", Cancellation);
        ImageIndex index = await layout.ReadIndexAsync(Cancellation);
        Assert.Equal(["a", "b"], index.Manifests.Select(manifest => manifest.Annotations[OciLayout.RefName]));
        Assert.Equal(Platform.LinuxAmd64, index.Manifests[0].Platform);
    }

    [Fact]
    public async Task WriteAsync_Failure_LeavesNoFile()
    {
        using OciLayout layout = new(_directory.Path);
        byte[] bytes = new byte[300_000];
        Descriptor descriptor = Contract.Sample.Blob(bytes);
        await Assert.ThrowsAsync<IOException>(() => layout.WriteAsync(descriptor, FaultyStream.ThrowingAt(bytes, 200_000, new IOException("broken")), Cancellation));
        await Assert.ThrowsAsync<SizeMismatchException>(() => layout.WriteAsync(descriptor, FaultyStream.EndingEarly(bytes, 1), Cancellation));
        Assert.Equal([".lock", "index.json", "oci-layout"], Files(_directory.Path));
    }

    [Fact]
    public async Task TagAsync_ManyObjectsAtOnce_LosesNoTag()
    {
        using OciLayout first = new(_directory.Path);
        ImageManifest image = await Contract.Sample.WriteImageAsync(first, "one", Cancellation);
        string[] tags = [.. Enumerable.Range(0, 40).Select(i => $"v{i}")];

        await Task.WhenAll(tags.Select(tag => Task.Run(async () =>
        {
            using OciLayout layout = new(_directory.Path);
            await layout.TagAsync(image.Descriptor, tag, Cancellation);
        })));

        ImageIndex index = await first.ReadIndexAsync(Cancellation);
        Assert.Equal(tags.Order(StringComparer.Ordinal), index.Manifests.Select(manifest => manifest.Annotations[OciLayout.RefName]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ContainsAsync_FileOfAnotherSize_IsNotTheContent()
    {
        using OciLayout layout = new(_directory.Path);
        Descriptor descriptor = await Contract.Sample.WriteAsync(layout, MediaTypes.LayerGzip, Contract.Sample.Bytes("whole"), Cancellation);
        _directory.Write($"blobs/sha256/{descriptor.Digest.Hex}", "who");
        Assert.False(await layout.ContainsAsync(descriptor, Cancellation));
        await Contract.Sample.WriteAsync(layout, MediaTypes.LayerGzip, Contract.Sample.Bytes("whole"), Cancellation);
        Assert.Equal("whole", await File.ReadAllTextAsync(_directory.PathOf($"blobs/sha256/{descriptor.Digest.Hex}"), Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_DamagedFile_FailsWhileReading()
    {
        using OciLayout layout = new(_directory.Path);
        Descriptor descriptor = await Contract.Sample.WriteAsync(layout, MediaTypes.LayerGzip, Contract.Sample.Bytes("whole"), Cancellation);
        _directory.Write($"blobs/sha256/{descriptor.Digest.Hex}", "whOle");
        await Assert.ThrowsAsync<DigestMismatchException>(() => layout.ReadAllBytesAsync(descriptor, cancellationToken: Cancellation));
    }

    private static IEnumerable<string> Files(string path) =>
        Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(path, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
