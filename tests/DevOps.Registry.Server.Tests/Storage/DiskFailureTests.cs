using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Storage;

/// <summary>Disks that cannot take what comes: the client is told so, nothing half-written is in sight, and all goes on when there is room.</summary>
public sealed class DiskFailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Push_DiskFull_IsRefusedAndGoesOnWhenThereIsRoom()
    {
        using SmallDisk disk = SmallDisk.Mount("size=2m");
        await using ServerFixture server = await StartAsync(disk);
        byte[] layer = [.. Enumerable.Range(0, 4 << 20).Select(i => (byte)(i * 31 >> 3))];
        Digest digest = Digest.Compute(layer);

        using (HttpResponseMessage whole = await server.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={digest}", ServerFixture.Body(layer)))
        {
            await ServerFixture.AssertErrorAsync(whole, HttpStatusCode.InsufficientStorage, "UNKNOWN");
        }

        Assert.Empty(Directory.EnumerateFiles(server.Storage.Directory, "*", SearchOption.AllDirectories));
        string upload = await server.OpenUploadAsync("a");
        using (HttpResponseMessage chunk = await server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(layer)))
        {
            await ServerFixture.AssertErrorAsync(chunk, HttpStatusCode.InsufficientStorage, "UNKNOWN");
        }

        using (HttpResponseMessage last = await server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(layer)))
        {
            await ServerFixture.AssertErrorAsync(last, HttpStatusCode.InsufficientStorage, "UNKNOWN");
        }

        Assert.Equal(HttpStatusCode.NotFound, await server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{digest}"));
        disk.Remount("size=16m");

        // What fitted is there, and the client can ask how much that is.
        using HttpResponseMessage status = await server.GetAsync(upload);
        Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);
        int next = int.Parse(ServerFixture.Header(status, "Range")[2..], CultureInfo.InvariantCulture) + 1;
        Assert.InRange(next, 1, layer.Length - 1);
        (string, string) range = ("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{next}-{layer.Length - 1}"));
        using HttpResponseMessage created = await server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(layer[next..]), range);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(layer, await server.GetBytesAsync($"/v2/a/blobs/{digest}"));
    }

    [Fact]
    public async Task Manifest_DiskFull_IsNotThereAndComesWhenThereIsRoom()
    {
        using SmallDisk disk = SmallDisk.Mount("size=1m");
        await using ServerFixture server = await StartAsync(disk);
        ImageManifest held = await server.PushArtifactAsync("a", "latest", "held");
        string upload = await server.OpenUploadAsync("a");
        Assert.Equal(HttpStatusCode.InsufficientStorage, await StatusAsync(server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(new byte[2 << 20]))));

        ImageManifest manifest = ServerFixture.Artifact("new", held.Descriptor);
        using (HttpResponseMessage refused = await server.PutManifestAsync("a", "latest", manifest))
        {
            await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.InsufficientStorage, "UNKNOWN");
        }

        // Who tries to open uploads again and again leaves nothing behind.
        Assert.Equal(HttpStatusCode.InsufficientStorage, await server.StatusAsync(HttpMethod.Post, "/v2/a/blobs/uploads/"));
        Assert.Equal(HttpStatusCode.InsufficientStorage, await server.StatusAsync(HttpMethod.Post, "/v2/a/blobs/uploads/"));
        Assert.Equal(Path.GetFileName(upload), Path.GetFileName(Assert.Single(server.Storage.Uploads.List())));

        Assert.Equal(held.RawBytes.ToArray(), await server.GetBytesAsync("/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.NotFound, await server.StatusAsync(HttpMethod.Get, $"/v2/a/manifests/{manifest.Digest}"));
        Assert.Empty(ImageIndex.Parse(await server.GetBytesAsync($"/v2/a/referrers/{held.Digest}")).Manifests);
        Assert.Equal(HttpStatusCode.NoContent, await server.StatusAsync(HttpMethod.Delete, upload));
        await server.PushManifestAsync("a", "latest", manifest);
        Assert.Equal(manifest.RawBytes.ToArray(), await server.GetBytesAsync("/v2/a/manifests/latest"));
    }

    [Fact]
    public async Task Push_NoMoreFiles_LeavesNoTagThatLeadsNowhere()
    {
        using SmallDisk disk = SmallDisk.Mount("size=16m,nr_inodes=120");
        await using ServerFixture server = await StartAsync(disk);
        await server.PushBlobAsync("a", "{}");
        HttpStatusCode status = HttpStatusCode.Created;
        ImageManifest manifest = ServerFixture.Artifact("none");
        for (int i = 0; status is HttpStatusCode.Created; i++)
        {
            manifest = ServerFixture.Artifact($"number {i}", manifest.Descriptor);
            status = await StatusAsync(server.PutManifestAsync("a", $"t{i}", manifest));
        }

        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        foreach (JsonNode? tag in (JsonArray)(await server.GetJsonAsync("/v2/a/tags/list"))["tags"]!)
        {
            Assert.Equal(HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Get, $"/v2/a/manifests/{tag}"));
        }

        disk.Remount("nr_inodes=1000");
        await server.PushManifestAsync("a", "last", manifest);
        Assert.Equal(manifest.RawBytes.ToArray(), await server.GetBytesAsync("/v2/a/manifests/last"));
    }

    [Fact]
    public async Task Disk_ReadOnly_IsReadAndWritesFail()
    {
        using SmallDisk disk = SmallDisk.Mount("size=8m");
        await using ServerFixture server = await StartAsync(disk);
        ImageManifest manifest = await server.PushArtifactAsync("a", "latest", "held");
        string upload = await server.OpenUploadAsync("a");
        string blob = $"/v2/a/blobs/{manifest.Config.Digest}";
        File.SetLastWriteTimeUtc(server.Storage.Blobs.PathOf(manifest.Config.Digest), new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        disk.Remount("ro");
        foreach ((HttpMethod method, string path) in new[]
        {
            (HttpMethod.Post, "/v2/a/blobs/uploads/"), (HttpMethod.Patch, upload), (HttpMethod.Put, $"{upload}?digest={manifest.Config.Digest}"), (HttpMethod.Delete, upload),
            (HttpMethod.Delete, blob), (HttpMethod.Delete, "/v2/a/manifests/latest"), (HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}"),
        })
        {
            using HttpResponseMessage response = await server.SendAsync(method, path, method == HttpMethod.Delete ? null : ServerFixture.Body("{}"));
            await ServerFixture.AssertErrorAsync(response, HttpStatusCode.InternalServerError, "UNKNOWN");
        }

        // Who asks whether a blob is there relies on it for an hour: that cannot be promised.
        Assert.Equal(HttpStatusCode.InternalServerError, await server.StatusAsync(HttpMethod.Head, blob));
        Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync(server.PutManifestAsync("a", "new", ServerFixture.Artifact("new"))));
        Assert.Equal("{}"u8.ToArray(), await server.GetBytesAsync(blob));
        Assert.Equal(manifest.RawBytes.ToArray(), await server.GetBytesAsync("/v2/a/manifests/latest"));
        disk.Remount("rw");
        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Head, blob));
        Assert.Equal(HttpStatusCode.NoContent, await server.StatusAsync(HttpMethod.Delete, upload));
    }

    private static Task<ServerFixture> StartAsync(SmallDisk disk) => ServerFixture.StartAsync(options => options with { Directory = Path.Combine(disk.Path, "registry") });

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> request)
    {
        using HttpResponseMessage response = await request.WaitAsync(Cancellation);
        return response.StatusCode;
    }
}
