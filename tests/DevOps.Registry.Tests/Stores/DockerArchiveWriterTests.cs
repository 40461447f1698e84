using System.Formats.Tar;
using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Stores;

public sealed class DockerArchiveWriterTests : IDisposable
{
    private static readonly ImageReference Name = ImageReference.Parse("shop/api:1.0");

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly MemoryStore _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Archive => _directory.PathOf("image.tar");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task CompleteAsync_Image_CanBeOpenedWithItsName()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        await SaveAsync(Archive, image.Descriptor);
        DockerArchive archive = await DockerArchive.OpenAsync(Archive, Cancellation);
        Assert.Equal(image.Descriptor, Assert.Single(archive.Images).Manifest);
        Assert.Equal(3, (await archive.VerifyAsync(image.Descriptor, cancellationToken: Cancellation)).Copied.Length);

        // What 'docker load' reads. Source: moby, image/spec/v1.2.md.
        JsonNode item = Assert.Single((JsonArray)(await ReadJsonAsync("manifest.json"))!)!;
        Assert.Equal("shop/api:1.0", (string?)Assert.Single((JsonArray)item["RepoTags"]!));
        Assert.Equal($"blobs/sha256/{image.Config.Digest.Hex}", (string?)item["Config"]);
        Assert.Equal($"blobs/sha256/{image.Layers[0].Digest.Hex}", (string?)Assert.Single((JsonArray)item["Layers"]!));
    }

    [Fact]
    public async Task CompleteAsync_Index_NamesOneImageForTheEngine()
    {
        ImageIndex index = await Sample.WriteNestedIndexAsync(_source, Cancellation);
        await SaveAsync(Archive, index.Descriptor);
        DockerArchive archive = await DockerArchive.OpenAsync(Archive, Cancellation);
        Assert.Equal(8, (await archive.VerifyAsync(archive.Images[0].Manifest, cancellationToken: Cancellation)).Copied.Length);
        Assert.Single((JsonArray)(await ReadJsonAsync("manifest.json"))!);
    }

    [Fact]
    public async Task CompleteAsync_Tag_IsInTheIndex()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive))
        {
            await _source.CopyAsync(image.Descriptor, writer, "v1", cancellationToken: Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        DockerArchive archive = await DockerArchive.OpenAsync(Archive, Cancellation);
        Assert.Equal(["v1"], Assert.Single(archive.Images).Names);
        Assert.Empty((JsonArray)Assert.Single((JsonArray)(await ReadJsonAsync("manifest.json"))!)!["RepoTags"]!);
    }

    [Fact]
    public async Task Images_SignaturesBeside_AreNoImagesAndAreFoundAllTheSame()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        ImageManifest signature = await Sample.WriteImageAsync(_source, "its signature", Cancellation, image.Descriptor);
        ImageManifest cosigned = await Sample.WriteImageAsync(_source, "its cosign signature", Cancellation);
        string cosignTag = $"sha256-{image.Digest.Hex}.sig";
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive))
        {
            await _source.CopyAsync(signature.Descriptor, writer, cancellationToken: Cancellation);
            await _source.CopyAsync(image.Descriptor, writer, "1", cancellationToken: Cancellation);
            await _source.CopyAsync(cosigned.Descriptor, writer, cosignTag, cancellationToken: Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        DockerArchive archive = await DockerArchive.OpenAsync(Archive, Cancellation);
        DockerArchiveImage only = Assert.Single(archive.Images);
        Assert.Equal((image.Digest, $"1 {image.Digest}"), (only.Manifest.Digest, only.ToString()));
        Assert.Equal(cosigned.Digest, (await archive.ResolveAsync(cosignTag, Cancellation))?.Digest);
        Assert.Equal([signature.Digest], (await archive.ListReferrersAsync("1", cancellationToken: Cancellation).ToArrayAsync(Cancellation)).Select(referrer => referrer.Digest));
        Assert.Equal(signature.Digest, (await archive.ResolveAsync(signature.Digest.ToString(), Cancellation))?.Digest);
    }

    [Fact]
    public async Task CompleteAsync_SameImage_GivesTheSameBytes()
    {
        ImageIndex index = await Sample.WriteNestedIndexAsync(_source, Cancellation);
        await SaveAsync(Archive, index.Descriptor);
        await SaveAsync(_directory.PathOf("again.tar"), index.Descriptor);
        Assert.Equal(await File.ReadAllBytesAsync(Archive, Cancellation), await File.ReadAllBytesAsync(_directory.PathOf("again.tar"), Cancellation));
    }

    [Fact]
    public async Task DisposeAsync_WithoutCompletion_LeavesTheOldFile()
    {
        _directory.Write("image.tar", "what was there");
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive))
        {
            await _source.CopyAsync(image.Descriptor, writer, cancellationToken: Cancellation);
        }

        Assert.Equal([Archive], Directory.EnumerateFiles(_directory.Path));
        Assert.Equal("what was there", await File.ReadAllTextAsync(Archive, Cancellation));
    }

    [Fact]
    public async Task CompleteAsync_AfterAFailedWrite_IsRefusedAndLeavesNoFile()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        byte[] bytes = new byte[300_000];
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive))
        {
            await Assert.ThrowsAsync<SizeMismatchException>(() => writer.WriteAsync(Sample.Blob(bytes), FaultyStream.EndingEarly(bytes, 100_000), Cancellation));
            Assert.False(await writer.ContainsAsync(Sample.Blob(bytes), Cancellation));
            await _source.CopyAsync(image.Descriptor, writer, cancellationToken: Cancellation);
            await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(Cancellation));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("long")]
    [InlineData("broken")]
    [InlineData("cancelled")]
    [InlineData("other manifest")]
    public async Task WriteAsync_ContentThatIsNot_IsNotThereAndNoArchiveIsMade(string fault)
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        byte[] bytes = new byte[200_000];
        (Descriptor descriptor, Stream content) = fault switch
        {
            "other" => (Sample.Blob(bytes), new MemoryStream([.. bytes[1..], 1])),
            "long" => (Sample.Blob(bytes), FaultyStream.GoingOn(bytes, 1)),
            "broken" => (Sample.Blob(bytes), FaultyStream.ThrowingAt(bytes, 150_000, new IOException("broken"))),
            "cancelled" => (Sample.Blob(bytes), (Stream)new PatternStream(bytes.Length, 7) { BeforeRead = _ => stop.Cancel() }),
            _ => (image.Descriptor, new MemoryStream(new byte[image.RawBytes.Length])),
        };
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive))
        {
            Exception? error = await Record.ExceptionAsync(() => writer.WriteAsync(descriptor, content, stop.Token));
            Assert.True(error is ContentVerificationException or IOException or OperationCanceledException, error?.ToString());
            Assert.False(await writer.ContainsAsync(descriptor, Cancellation));
            await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(Cancellation));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task CompleteAsync_ImageWithSignature_NamesOnlyTheImageForTheEngine()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        Descriptor config = await Sample.WriteAsync(_source, MediaTypes.EmptyJson, Sample.Bytes("{}"), Cancellation);
        ImageManifest signature = ImageManifest.Create(config).Edit(tree => tree["subject"] = image.Descriptor.ToJson());
        await _source.WriteAsync(signature.Descriptor, new MemoryStream(signature.RawBytes.ToArray()), Cancellation);
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive, Name))
        {
            CopyPlan plan = await _source.PlanCopyAsync(image.Descriptor, writer, "1.0", new() { Referrers = ReferrerCopying.Include }, Cancellation);
            await plan.ExecuteAsync(null, Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        JsonNode item = Assert.Single((JsonArray)(await ReadJsonAsync("manifest.json"))!)!;
        Assert.Equal($"blobs/sha256/{image.Config.Digest.Hex}", (string?)item["Config"]);
        DockerArchive archive = await DockerArchive.OpenAsync(Archive, Cancellation);
        Assert.Equal([signature.Descriptor], await archive.ListReferrersAsync(image.Digest, null, Cancellation).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task CompleteAsync_Nothing_IsRefused()
    {
        await using DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(Cancellation));
        await Assert.ThrowsAsync<ContentNotFoundException>(() => writer.AddRootAsync(ImageIndex.Create().Descriptor, Cancellation));
        await Assert.ThrowsAsync<NotSupportedException>(() => writer.OpenReadAsync(Descriptor.EmptyJson, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_SameContentTwice_IsInTheArchiveOnce()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive))
        {
            byte[] layer = Sample.Bytes("one, a layer");
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => writer.WriteAsync(image.Layers[0], new MemoryStream(layer), Cancellation), Cancellation)));
            await _source.CopyAsync(image.Descriptor, writer, cancellationToken: Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        Assert.Single(Members(), name => name.EndsWith(image.Layers[0].Digest.Hex, StringComparison.Ordinal));
    }

    [Fact] // IRootStore.AddRootAsync: lists a manifest "if it is not listed yet".
    public async Task AddRootAsync_Again_ListsOnce()
    {
        ImageManifest image = await Sample.WriteImageAsync(_source, "one", Cancellation);
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(Archive, Name))
        {
            await _source.CopyAsync(image.Descriptor, writer, cancellationToken: Cancellation);
            await writer.AddRootAsync(image.Descriptor, Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        Assert.Single((await DockerArchive.OpenAsync(Archive, Cancellation)).Images);
        Assert.Single((JsonArray)(await ReadJsonAsync("manifest.json"))!);
    }

    [Fact]
    public void Create_DirectoryMissing_Throws() => Assert.Throws<DirectoryNotFoundException>(() => DockerArchiveWriter.Create(_directory.PathOf("none/image.tar")));

    private async Task SaveAsync(string path, Descriptor root)
    {
        await using DockerArchiveWriter writer = DockerArchiveWriter.Create(path, Name);
        await _source.CopyAsync(root, writer, options: new() { MaxConcurrency = 1 }, cancellationToken: Cancellation);
        await writer.CompleteAsync(Cancellation);
    }

    private List<string> Members()
    {
        using FileStream file = File.OpenRead(Archive);
        using TarReader tar = new(file);
        List<string> names = [];
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    private async Task<JsonNode?> ReadJsonAsync(string name)
    {
        await using FileStream file = File.OpenRead(Archive);
        await using TarReader tar = new(file);
        while (await tar.GetNextEntryAsync(cancellationToken: Cancellation) is { } entry)
        {
            if (entry.Name == name)
            {
                return await JsonNode.ParseAsync(entry.DataStream!, cancellationToken: Cancellation);
            }
        }

        return null;
    }
}
