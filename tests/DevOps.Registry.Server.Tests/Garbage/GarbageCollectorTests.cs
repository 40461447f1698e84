using System.Net;
using System.Text;
using DevOps.Oci;
using DevOps.Testing.Time;

namespace DevOps.Registry.Server.Tests.Garbage;

public sealed class GarbageCollectorTests : IAsyncLifetime
{
    // Before any real file's time, so that a file is not old before the registry has given it a time of this clock.
    private readonly VirtualTimeProvider _time = new(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ServerFixture? _server;

    private ServerFixture Server => _server!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ServerFixture.StartAsync(options => options with { Storage = new() { TimeProvider = _time } });

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Collect_UnreachedAndOld_IsRemovedWithItsMarks()
    {
        ImageManifest kept = await Server.PushArtifactAsync("a", "latest", "kept");
        ImageManifest deleted = await Server.PushArtifactAsync("a", "old", "deleted");
        Digest orphan = await Server.PushBlobAsync("b", "orphan");
        await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{deleted.Digest}");
        _time.Advance(TimeSpan.FromHours(2));

        RegistryGarbageResult dry = await CollectAsync(new() { Mode = RegistryGarbageMode.DryRun });
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, $"/v2/b/blobs/{orphan}"));
        RegistryGarbageResult result = await CollectAsync(new());

        Assert.Equal(dry, result);
        Assert.Equal((1, 2, deleted.RawBytes.Length + 6L), (result.ManifestCount, result.RemovedBlobCount, result.RemovedBytes));
        Assert.Equal((2, kept.RawBytes.Length + 2L), (result.KeptBlobCount, result.KeptBytes));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/b/blobs/{orphan}"));
        Assert.Equal(kept.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/latest"));
        Assert.Equal("{}"u8.ToArray(), await Server.GetBytesAsync($"/v2/a/blobs/{Digest.Compute("{}"u8)}"));
        Assert.Empty(Directory.EnumerateFiles(Server.DataPath, orphan.Hex, SearchOption.AllDirectories));

        // Whoever has the same content brings it again.
        await Server.PushBlobAsync("b", "orphan");
        Assert.Equal("orphan"u8.ToArray(), await Server.GetBytesAsync($"/v2/b/blobs/{orphan}"));
    }

    [Fact]
    public async Task Collect_NestedIndex_KeepsEverythingItReaches()
    {
        ImageManifest image = await Server.PushArtifactAsync("a", "image", "one");
        ImageIndex inner = ImageIndex.Create(image.Descriptor);
        await Server.PushManifestAsync("a", inner.Digest.ToString(), inner);
        ImageIndex outer = ImageIndex.Create(inner.Descriptor);
        await Server.PushManifestAsync("a", "outer", outer);
        _time.Advance(TimeSpan.FromDays(1));
        RegistryGarbageResult result = await CollectAsync(new() { GraceAge = TimeSpan.Zero });
        Assert.Equal((3, 4, 0), (result.ManifestCount, result.KeptBlobCount, result.RemovedBlobCount));
    }

    [Theory]
    [InlineData("asked")]
    [InlineData("pushed")]
    [InlineData("mounted")]
    [InlineData("named")]
    [InlineData("named as a layer from elsewhere")]
    [InlineData("left")]
    public async Task Collect_ContentThatAPushReliesOn_StaysForTheGraceAge(string reliance)
    {
        Digest digest = await Server.PushBlobAsync("a", "layer");
        _time.Advance(TimeSpan.FromMinutes(90));
        switch (reliance)
        {
            case "asked":
                Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{digest}"));
                break;
            case "pushed":
                await Server.PushBlobAsync("b", "layer");
                break;
            case "mounted":
                Assert.Equal(HttpStatusCode.Created, await Server.StatusAsync(HttpMethod.Post, $"/v2/c/blobs/uploads/?mount={digest}&from=a"));
                break;
            case "named" or "named as a layer from elsewhere":
                await Server.PushBlobAsync("a", "{}");
                ImageManifest manifest = ImageManifest.Create(Descriptor.ForContent(MediaTypes.EmptyJson, "{}"u8), new Descriptor(reliance == "named" ? "text/plain" : MediaTypes.DockerForeignLayerGzip, digest, 5));
                await Server.PushManifestAsync("a", "x", manifest);
                Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}"));
                break;
        }

        _time.Advance(TimeSpan.FromMinutes(30));
        await CollectAsync(new());
        Assert.Equal(reliance == "left" ? HttpStatusCode.NotFound : HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/blobs/{digest}"));
        _time.Advance(TimeSpan.FromMinutes(32));
        await CollectAsync(new());
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/blobs/{digest}"));
    }

    [Fact]
    public async Task Collect_AbandonedUpload_IsRemovedAndOneInUseStays()
    {
        string abandoned = await Server.OpenUploadAsync("a");
        (await Server.SendAsync(HttpMethod.Patch, abandoned, ServerFixture.Body("12345"))).Dispose();
        string used = await Server.OpenUploadAsync("a");
        _time.Advance(TimeSpan.FromHours(23));
        (await Server.SendAsync(HttpMethod.Patch, used, ServerFixture.Body("123"))).Dispose();
        _time.Advance(TimeSpan.FromHours(2));
        RegistryGarbageResult dry = await CollectAsync(new() { Mode = RegistryGarbageMode.DryRun });
        RegistryGarbageResult result = await CollectAsync(new());
        Assert.Equal(dry, result);
        Assert.Equal((1, 5), (result.RemovedUploadCount, result.RemovedUploadBytes));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, abandoned));
        Assert.Equal(HttpStatusCode.NoContent, await Server.StatusAsync(HttpMethod.Get, used));

        // Another process sees that a request is at it, however old it is.
        _time.Advance(TimeSpan.FromDays(2));
        string data = Directory.EnumerateFiles(Server.DataPath, "data", SearchOption.AllDirectories).Single();
        using (new FileStream(data, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(0, (await CollectAsync(new())).RemovedUploadCount);
        }

        Assert.Equal(1, (await CollectAsync(new())).RemovedUploadCount);
    }

    [Fact]
    public async Task Collect_DamagedManifest_RemovesNothing()
    {
        ImageManifest manifest = await Server.PushArtifactAsync("a", "latest", "one");
        Digest orphan = await Server.PushBlobAsync("a", "orphan");
        string file = Directory.EnumerateFiles(Path.Combine(Server.DataPath, "blobs"), manifest.Digest.Hex, SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(file, "{}", Cancellation);
        _time.Advance(TimeSpan.FromDays(1));
        await Assert.ThrowsAsync<InvalidContentException>(() => CollectAsync(new()));
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/blobs/{orphan}"));
    }

    [Fact]
    public async Task Collect_HalfWrittenFileOfAKilledProcess_IsRemovedWhenOld()
    {
        await Server.PushArtifactAsync("a", "latest", "one");
        string partial = Path.Combine(Server.DataPath, "repositories", "a", "_tags", ".x.partial");
        await File.WriteAllTextAsync(partial, "sha2", Cancellation);
        await CollectAsync(new());
        Assert.True(File.Exists(partial));
        File.SetLastWriteTimeUtc(partial, _time.GetUtcNow().UtcDateTime.AddDays(-2));
        await CollectAsync(new());
        Assert.False(File.Exists(partial));
    }

    [Fact]
    public async Task Collect_EmptyDirectory_FindsNothing()
    {
        RegistryGarbageResult result = await CollectAsync(new());
        Assert.Equal((0, 0, 0, 0), (result.ManifestCount, result.KeptBlobCount, result.RemovedBlobCount, result.RemovedUploadCount));
    }

    // Old content is being removed, by two collectors as of two processes, while clients ask for it and rely on the answer.
    [Fact]
    public async Task Collect_WhilePushesRelyOnOldContent_NeverTakesItAway()
    {
        const int Count = 100;
        await Server.PushBlobAsync("a", "{}");
        Descriptor[] layers = new Descriptor[Count];
        for (int i = 0; i < Count; i++)
        {
            Digest digest = await Server.PushBlobAsync("a", $"layer {i:d4}");
            layers[i] = new("text/plain", digest, 10);
        }

        RegistryStorage other = new(Server.DataPath, new() { TimeProvider = _time });
        _time.Advance(TimeSpan.FromHours(2));
        using CancellationTokenSource pushed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int>[] collectors = [CollectUntilAsync(Server.Storage, pushed.Token), CollectUntilAsync(other, pushed.Token)];
        int found = 0;
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, _) =>
        {
            Digest config = await Server.PushBlobAsync("a", "{}");
            if (await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{layers[i].Digest}") == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref found);
            }
            else
            {
                await Server.PushBlobAsync("a", $"layer {i:d4}");
            }

            await Server.PushManifestAsync("a", $"t{i}", ImageManifest.Create(new Descriptor(MediaTypes.EmptyJson, config, 2), layers[i]));
        });
        await pushed.CancelAsync();
        int removed = (await Task.WhenAll(collectors)).Sum();

        _time.Advance(TimeSpan.FromDays(1));
        await CollectAsync(new() { GraceAge = TimeSpan.Zero });
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(Encoding.UTF8.GetBytes($"layer {i:d4}"), await Server.GetBytesAsync($"/v2/a/blobs/{layers[i].Digest}"));
        }

        Assert.True(removed + found >= Count, $"{removed} removed, {found} found");
    }

    private static async Task<int> CollectUntilAsync(RegistryStorage storage, CancellationToken until)
    {
        int removed = 0;
        while (!until.IsCancellationRequested)
        {
            removed += (await storage.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount;
        }

        return removed;
    }

    private Task<RegistryGarbageResult> CollectAsync(RegistryGarbageOptions options) => Server.Storage.CollectGarbageAsync(options, Cancellation);
}
