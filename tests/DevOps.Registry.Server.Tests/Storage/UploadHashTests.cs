using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Storage;

/// <summary>What came of an upload is read again only when its hash cannot be known.</summary>
public sealed class UploadHashTests : ServerTest
{
    private static readonly byte[] Bytes = "0123456789"u8.ToArray();

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, "", false, 0)]
    [InlineData(DigestAlgorithm.Sha512, "?digest-algorithm=sha512", false, 0)]
    [InlineData(DigestAlgorithm.Sha512, "", false, 6)]
    [InlineData(DigestAlgorithm.Sha256, "?digest-algorithm=sha512", false, 6)]
    [InlineData(DigestAlgorithm.Sha256, "", true, 6)]
    public async Task PatchAndPut_ReadAgain_OnlyWhatIsNotHashed(DigestAlgorithm algorithm, string query, bool restarts, long expected)
    {
        using HttpResponseMessage opened = await Server.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/{query}", ServerFixture.Body(""));
        string upload = ServerFixture.Header(opened, "Location");
        await PatchAsync(Server, upload, Bytes[..3]);
        if (restarts)
        {
            await Server.RestartAsync();
        }

        await PatchAsync(Server, upload, Bytes[3..6]);
        using HttpResponseMessage created = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={Digest.Compute(Bytes, algorithm)}", ServerFixture.Body(Bytes[6..]));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(expected, Server.Storage.Uploads.ReadAgainBytes);
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task PostWithDigest_AndPutOnly_ReadNothingAgain(DigestAlgorithm algorithm)
    {
        using HttpResponseMessage post = await Server.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={Digest.Compute(Bytes, algorithm)}", ServerFixture.Body(Bytes));
        string upload = await Server.OpenUploadAsync("b");
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={Digest.Compute(Bytes, algorithm)}", ServerFixture.Body(Bytes));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (post.StatusCode, put.StatusCode));
        Assert.Equal(0, Server.Storage.Uploads.ReadAgainBytes);
    }

    // Two processes behind one name: each request of an upload may come to either.
    [Fact]
    public async Task TwoServers_OverOneDirectory_GoOnWithEachOthersUploads()
    {
        await using RegistryHost other = await RegistryHost.StartAsync(new() { Directory = Server.DataPath }, cancellationToken: Cancellation);
        string upload = await Server.OpenUploadAsync("a");
        string elsewhere = $"http://{other.Address}{upload}";
        await PatchAsync(Server, upload, Bytes[..3]);
        await PatchAsync(Server, elsewhere, Bytes[3..6]);
        await PatchAsync(Server, upload, Bytes[6..8]);
        await PatchAsync(Server, elsewhere, Bytes[8..]);
        Digest digest = Digest.Compute(Bytes);
        using HttpResponseMessage created = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(""));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(Bytes, await Server.GetBytesAsync($"http://{other.Address}/v2/a/blobs/{digest}"));
        using HttpResponseMessage gone = await Server.SendAsync(HttpMethod.Patch, elsewhere, ServerFixture.Body("x"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    // As long as before, but other bytes: the hash in memory must not vouch for them.
    [Fact]
    public async Task FileChangedBehindTheServersBack_IsNotTakenForWhatWasHashed()
    {
        string upload = await Server.OpenUploadAsync("a");
        await PatchAsync(Server, upload, Bytes);
        string data = Directory.EnumerateFiles(Server.DataPath, "data", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(data, "9876543210", Cancellation);
        using HttpResponseMessage refused = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={Digest.Compute(Bytes)}", ServerFixture.Body(""));
        await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Theory]
    [InlineData(RegistryDurability.ProcessLoss)]
    [InlineData(RegistryDurability.PowerLoss)]
    public async Task Durability_Any_KeepsWholeImages(RegistryDurability durability)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Storage = new() { Durability = durability } });
        ImageManifest manifest = await server.PushArtifactAsync("a", "latest", "one");
        await server.RestartAsync();
        Assert.Equal(manifest.RawBytes.ToArray(), await server.GetBytesAsync("/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.Accepted, await server.StatusAsync(HttpMethod.Delete, "/v2/a/manifests/latest"));
    }

    private static async Task PatchAsync(ServerFixture server, string upload, byte[] bytes)
    {
        using HttpResponseMessage patched = await server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(bytes));
        Assert.Equal(HttpStatusCode.Accepted, patched.StatusCode);
    }
}
