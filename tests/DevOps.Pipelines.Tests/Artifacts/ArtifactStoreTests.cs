using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;
using DevOps.Testing.Streams;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class MemoryArtifactStoreTests : ArtifactStoreContract
{
    protected override IArtifactStore Store { get; } = new MemoryArtifactStore();

    protected override void DamageAll() => Assert.Skip("nobody can damage it");
}

public sealed class ContentArtifactStoreTests : ArtifactStoreContract
{
    private readonly TestStore _content = new();

    public ContentArtifactStoreTests() => Store = new ContentArtifactStore(_content);

    protected override IArtifactStore Store { get; }

    protected override void DamageAll() => _content.Reader = (_, bytes) => new MemoryStream([.. bytes.Select(b => (byte)(b ^ 1))]);

    [Fact]
    public async Task WriteAsync_Artifact_IsATaggedOciManifestThatIsWrittenLast()
    {
        byte[] bytes = "files"u8.ToArray();
        Artifact artifact = new("web", Digest.Compute(bytes), bytes.Length, 2);

        await Store.WriteAsync(artifact, new MemoryStream(bytes), Cancellation);

        ImageManifest manifest = ContentArtifactStore.ManifestOf(artifact);
        Assert.Equal([artifact.Digest, Descriptor.EmptyJson.Digest, manifest.Digest], _content.Written.Select(descriptor => descriptor.Digest));
        Assert.Equal(ContentArtifactStore.ArtifactType, manifest.ArtifactType);
        Assert.Equal("web", manifest.Annotations["org.opencontainers.image.title"]);
        Assert.Equal(manifest.Descriptor, _content.Tags[$"artifact-{manifest.Digest.Hex}"]);
    }

    [Fact]
    public async Task WriteAsync_WithoutTags_TagsNothing()
    {
        byte[] bytes = "files"u8.ToArray();

        await new ContentArtifactStore(_content, ArtifactTags.None).WriteAsync(new("web", Digest.Compute(bytes), bytes.Length, 2), new MemoryStream(bytes), Cancellation);

        Assert.Empty(_content.Tags);
    }
}

public sealed class FolderArtifactStoreTests : ArtifactStoreContract
{
    private readonly TemporaryDirectory _folder = TemporaryDirectory.Create();
    private readonly VirtualTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FolderArtifactStore _store;

    public FolderArtifactStoreTests() => _store = new(_folder.PathOf("store"), _clock);

    protected override IArtifactStore Store => _store;

    protected override void DamageAll()
    {
        foreach (string file in Files())
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task WriteAsync_AfterDamage_Repairs()
    {
        Artifact artifact = await AddAsync(100);
        string file = Assert.Single(Files());
        File.WriteAllBytes(file, new byte[50]);
        Assert.False(await Store.ContainsAsync(artifact, Cancellation));
        File.WriteAllBytes(file, new byte[100]);

        await AddAsync(100);

        Assert.Equal(artifact.Digest, Digest.Compute(File.ReadAllBytes(Assert.Single(Files()))));
    }

    [Fact]
    public async Task TrimAsync_AboveTheBound_RemovesWhatWasNotUsedForLongestAndNoMore()
    {
        Artifact[] added = new Artifact[4];
        for (int i = 0; i < 4; i++)
        {
            added[i] = await AddAsync(1000 + i);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        (await Store.OpenReadAsync(added[0], Cancellation)).Dispose();

        Assert.Equal(0, await _store.TrimAsync(4006, Cancellation));
        Assert.Equal(1001, await _store.TrimAsync(4000, Cancellation));
        bool[] held = await Task.WhenAll(added.Select(artifact => Store.ContainsAsync(artifact, Cancellation).AsTask()));
        Assert.Equal([true, false, true, true], held);
    }

    [Fact]
    public async Task TrimAsync_UnfinishedFiles_GoWhenTheyAreOldOnly()
    {
        await AddAsync(10);
        string directory = Path.GetDirectoryName(Files()[0])!;
        string old = Path.Combine(directory, ".old.partial");
        string young = Path.Combine(directory, ".young.partial");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, _clock.GetUtcNow().UtcDateTime.AddDays(-2));
        File.SetLastWriteTimeUtc(young, _clock.GetUtcNow().UtcDateTime);

        await _store.TrimAsync(1000, Cancellation);

        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
    }

    [Fact]
    public async Task WriteAsync_StoppedHalfway_LeavesNoFile()
    {
        using CancellationTokenSource stop = new();
        byte[] bytes = new byte[1 << 20];
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(new("x", Digest.Compute(bytes), bytes.Length, 1), FaultyStream.Whole(bytes), stop.Token));

        Assert.Empty(Files());
    }

    private async Task<Artifact> AddAsync(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        Artifact artifact = new("x", Digest.Compute(bytes), length, 1);
        await Store.WriteAsync(artifact, new MemoryStream(bytes), Cancellation);
        return artifact;
    }

    private string[] Files() => Directory.Exists(_store.DirectoryPath) ? Directory.GetFiles(_store.DirectoryPath, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }) : [];
}
