using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Stores;

public sealed class LayoutGarbageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly VirtualTimeProvider _time = new(new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly OciLayout _layout;

    public LayoutGarbageTests() => _layout = new(_directory.PathOf("layout"), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Blobs => [.. Directory.EnumerateFiles(Path.Combine(_layout.Path, "blobs"), "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _layout.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task CollectGarbageAsync_OldUnlistedContent_IsRemovedAndCounted()
    {
        ImageIndex kept = await Sample.WriteNestedIndexAsync(_layout, Cancellation);
        await _layout.TagAsync(kept.Descriptor, "kept", Cancellation);
        string[] before = Blobs;
        ImageManifest gone = await Sample.WriteImageAsync(_layout, "gone", Cancellation);
        await _layout.TagAsync(gone.Descriptor, "gone", Cancellation);
        byte[] big = new byte[300_000];
        Descriptor sha512 = Sample.Blob(big, DigestAlgorithm.Sha512);
        await _layout.WriteAsync(sha512, new MemoryStream(big), Cancellation);
        Assert.True(await _layout.DeleteTagAsync("gone", Cancellation));
        _time.Advance(TimeSpan.FromHours(2));

        LayoutGarbageResult dry = await _layout.CollectGarbageAsync(new() { Mode = LayoutGarbageMode.DryRun }, Cancellation);
        Assert.Equal(before.Length + 4, Blobs.Length);
        LayoutGarbageResult result = await _layout.CollectGarbageAsync(cancellationToken: Cancellation);
        Assert.Equal(dry, result);
        Assert.Equal(before, Blobs);
        Assert.Equal(
            new()
            {
                ManifestCount = 4,
                KeptBlobCount = 8,
                KeptBytes = (await _layout.VerifyAsync(kept.Descriptor, cancellationToken: Cancellation)).CopiedBytes,
                RemovedBlobCount = 4,
                RemovedBytes = 300_000 + gone.RawBytes.Length + gone.Config.SizeBytes + gone.Layers[0].SizeBytes,
                RemovedPartialCount = 0,
                RemovedPartialBytes = 0,
            },
            result);
        Assert.Equal(0, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
    }

    [Fact]
    public async Task CollectGarbageAsync_Referrers_KeepTheirSubjectsAndAreKeptWhenListed()
    {
        ImageManifest image = await Sample.WriteImageAsync(_layout, "image", Cancellation);
        ImageManifest signature = await Sample.WriteImageAsync(_layout, "signature", Cancellation, image.Descriptor);
        ImageManifest unlisted = await Sample.WriteImageAsync(_layout, "unlisted", Cancellation, image.Descriptor);
        await _layout.AddRootAsync(signature.Descriptor, Cancellation);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(3, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
        Assert.False(await _layout.ContainsAsync(unlisted.Descriptor, Cancellation));
        await _layout.VerifyAsync(signature.Descriptor, cancellationToken: Cancellation);
        await _layout.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("\n {{\"any\": \"{0}\"}}")]
    [InlineData("[\"{0}\"]")]
    [InlineData("{{\"{0}\": 1}}")]
    [InlineData("deep")]
    public async Task CollectGarbageAsync_ListedDocumentOfAnUnknownKind_KeepsWhatItNames(string format)
    {
        byte[] bytes = "a piece"u8.ToArray();
        Descriptor piece = Sample.Blob(bytes);
        await _layout.WriteAsync(piece, new MemoryStream(bytes), Cancellation);
        string text = format == "deep"
            ? new string('[', 100) + $"\"{piece.Digest}\"" + new string(']', 100)
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, piece.Digest);
        byte[] document = System.Text.Encoding.UTF8.GetBytes(text);
        Descriptor root = Descriptor.ForContent("application/vnd.example.list", document);
        await _layout.WriteAsync(root, new MemoryStream(document), Cancellation);
        await _layout.AddRootAsync(root, Cancellation);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
    }

    [Fact]
    public async Task CollectGarbageAsync_YoungContent_StaysWithAllThatItNames()
    {
        ImageManifest one = await Sample.WriteImageAsync(_layout, "one", Cancellation);
        ImageIndex index = ImageIndex.Create(one.Descriptor);
        await _layout.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), Cancellation);
        ImageManifest old = await Sample.WriteImageAsync(_layout, "old", Cancellation);
        _time.Advance(TimeSpan.FromHours(2));

        // A copy that trusts held manifests asks for the index alone, and lists it in a moment.
        Assert.True(await _layout.ContainsAsync(index.Descriptor, Cancellation));
        Assert.Equal(3, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
        Assert.False(await _layout.ContainsAsync(old.Descriptor, Cancellation));
        await _layout.AddRootAsync(index.Descriptor, Cancellation);
        await _layout.VerifyAsync(index.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task CollectGarbageAsync_GraceAge_CountsFromTheLastQuestion()
    {
        Descriptor blob = await Sample.WriteAsync(_layout, MediaTypes.LayerGzip, Sample.Bytes("wanted"), Cancellation);
        for (int i = 0; i < 4; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(40));
            Assert.True(await _layout.ContainsAsync(blob, Cancellation));
            Assert.Equal(0, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
        }

        _time.Advance(TimeSpan.FromMinutes(62));
        Assert.Equal(0, (await _layout.CollectGarbageAsync(new() { GraceAge = TimeSpan.FromHours(2) }, Cancellation)).RemovedBlobCount);
        Assert.Equal(1, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayoutGarbageOptions { GraceAge = TimeSpan.FromTicks(-1) });
    }

    [Fact]
    public async Task CollectGarbageAsync_TagsMovedWhileManifestsAreRead_KeepsBoth()
    {
        ImageManifest one = await Sample.WriteImageAsync(_layout, "one", Cancellation);
        ImageManifest two = await Sample.WriteImageAsync(_layout, "two", Cancellation);
        await _layout.TagAsync(one.Descriptor, "latest", Cancellation);
        _time.Advance(TimeSpan.FromHours(2));

        // The gate is held: the collection has read the index and its manifests, and waits for its turn to remove.
        using OciLayout other = new(_layout.Path, _time);
        Task<LayoutGarbageResult> collecting;
        using (FileStream held = await LayoutLock.EnterAsync(_layout.Path, Cancellation))
        {
            collecting = _layout.CollectGarbageAsync(cancellationToken: Cancellation);
            ImageIndex moved = ImageIndex.Create(two.Descriptor);
            await DevOps.Archives.AtomicFile.WriteAllBytesAsync(Path.Combine(_layout.Path, "index.json"), moved.RawBytes, Cancellation);
        }

        await collecting;
        await other.VerifyAsync(two.Descriptor, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("cut")]
    [InlineData("directory")]
    [InlineData("link")]
    public async Task CollectGarbageAsync_DamagedManifest_RemovesNothing(string damage)
    {
        ImageManifest image = await Sample.WriteImageAsync(_layout, "image", Cancellation);
        await _layout.TagAsync(image.Descriptor, "v1", Cancellation);
        Descriptor garbage = await Sample.WriteAsync(_layout, MediaTypes.LayerGzip, Sample.Bytes("garbage"), Cancellation);
        string file = Path.Combine(_layout.Path, "blobs", "sha256", image.Digest.Hex);
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancellation);
        File.Delete(file);
        switch (damage)
        {
            case "flipped":
                bytes[^3] ^= 1;
                await File.WriteAllBytesAsync(file, bytes, Cancellation);
                break;
            case "cut":
                await File.WriteAllBytesAsync(file, bytes[..^1], Cancellation);
                break;
            case "directory":
                Directory.CreateDirectory(file);
                break;
            default:
                File.CreateSymbolicLink(file, _directory.Write("elsewhere", bytes));
                break;
        }

        _time.Advance(TimeSpan.FromHours(2));
        Exception error = await Assert.ThrowsAnyAsync<DevOpsException>(() => _layout.CollectGarbageAsync(cancellationToken: Cancellation));
        Assert.True(error is InvalidContentException or ContentVerificationException, error.ToString());
        Assert.True(await _layout.ContainsAsync(garbage, Cancellation));
        Assert.True(await _layout.ContainsAsync(image.Config, Cancellation));
    }

    [Fact]
    public async Task CollectGarbageAsync_NoIndex_RemovesNothing()
    {
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.CollectGarbageAsync(cancellationToken: Cancellation));
        Descriptor blob = await Sample.WriteAsync(_layout, MediaTypes.LayerGzip, Sample.Bytes("blob"), Cancellation);
        File.Delete(Path.Combine(_layout.Path, "index.json"));
        _time.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.CollectGarbageAsync(cancellationToken: Cancellation));
        Assert.True(await _layout.ContainsAsync(blob, Cancellation));
    }

    [Fact]
    public async Task CollectGarbageAsync_KindsThatAreNotKnown_KeepAllThatTheyName()
    {
        // A manifest of an older kind, as ORAS 0.x wrote them. Source: OCI image-spec 1.1.0-rc2, artifact.md.
        Descriptor blob = await Sample.WriteAsync(_layout, "text/plain", Sample.Bytes("its blob"), Cancellation);
        byte[] artifact = Sample.Bytes(new JsonObject { ["mediaType"] = "application/vnd.oci.artifact.manifest.v1+json", ["blobs"] = new JsonArray(blob.ToJson()) }.ToJsonString());
        Descriptor manifest = await Sample.WriteAsync(_layout, "application/vnd.oci.artifact.manifest.v1+json", artifact, Cancellation);
        await _layout.AddRootAsync(manifest, Cancellation);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount);
    }

    [Fact]
    public async Task CollectGarbageAsync_SparseIndex_KeepsWhatIsThere()
    {
        ImageManifest here = await Sample.WriteImageAsync(_layout, "here", Cancellation);
        ImageIndex index = ImageIndex.Create(here.Descriptor, Descriptor.ForContent(MediaTypes.ImageManifest, "elsewhere"u8));
        await _layout.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), Cancellation);
        await _layout.AddRootAsync(index.Descriptor, Cancellation);
        _time.Advance(TimeSpan.FromHours(2));
        LayoutGarbageResult result = await _layout.CollectGarbageAsync(cancellationToken: Cancellation);
        Assert.Equal((2, 4, 0), (result.ManifestCount, result.KeptBlobCount, result.RemovedBlobCount));
    }

    [Fact]
    public async Task CollectGarbageAsync_PartialFiles_GoWhenNobodyWritesThem()
    {
        await Sample.WriteImageAsync(_layout, "image", Cancellation);
        string left = Path.Combine(_layout.Path, ".left.partial");
        string older = Path.Combine(_layout.Path, "blobs", "sha256", ".older.partial");
        string open = Path.Combine(_layout.Path, ".open.partial");
        string foreign = Path.Combine(_layout.Path, "blobs", "sha256", "not-ours");
        foreach (string file in (string[])[left, older, open, foreign])
        {
            await File.WriteAllTextAsync(file, "12345", Cancellation);
            File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
        }

        await using FileStream writer = new(open, FileMode.Open, FileAccess.Write, FileShare.Read);
        Assert.Equal(0, (await _layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedPartialCount);
        _time.Advance(TimeSpan.FromHours(2));
        LayoutGarbageResult result = await _layout.CollectGarbageAsync(cancellationToken: Cancellation);
        Assert.Equal((2, 10), (result.RemovedPartialCount, result.RemovedPartialBytes));
        Assert.Equal([false, false, true, true], ((string[])[left, older, open, foreign]).Select(File.Exists));
    }

    [Fact]
    public async Task CollectGarbageAsync_FolderThatIsALink_IsRefusedAndLeftAlone()
    {
        await Sample.WriteImageAsync(_layout, "image", Cancellation);
        string blobs = Path.Combine(_layout.Path, "blobs");
        Directory.Move(blobs, _directory.PathOf("elsewhere"));
        Directory.CreateSymbolicLink(blobs, _directory.PathOf("elsewhere"));
        _time.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.CollectGarbageAsync(cancellationToken: Cancellation));
        Assert.Equal(3, Directory.GetFiles(_directory.PathOf("elsewhere/sha256")).Length);
    }
}
