using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Storage;

public sealed class ManifestCacheTests : ServerTest
{
    [Fact]
    public void Add_MoreThanFits_DropsWhatWasAskedForLongestAgo()
    {
        ManifestCache cache = new(10);
        Digest[] digests = [.. new[] { "a", "b", "c", "d" }.Select(name => Digest.Compute(System.Text.Encoding.UTF8.GetBytes(name)))];
        cache.Add(digests[0], new byte[4]);
        cache.Add(digests[1], new byte[4]);
        Assert.True(cache.TryGet(digests[0], out _));
        cache.Add(digests[2], new byte[4]);
        cache.Add(digests[3], new byte[11]);
        Assert.Equal([true, false, true, false], digests.Select(digest => cache.TryGet(digest, out _)));
    }

    // What is in memory is the bytes only: the tag, and whether the repository holds the manifest, is asked of the directory.
    [Fact]
    public async Task Get_AfterAnotherProcessMovedTheTagAndDeleted_SeesIt()
    {
        await using RegistryHost other = await RegistryHost.StartAsync(new() { Directory = Server.DataPath }, cancellationToken: Cancellation);
        ImageManifest one = await Server.PushArtifactAsync("a", "latest", "one");
        Assert.Equal(one.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/latest"));

        ImageManifest two = ServerFixture.Artifact("two");
        using HttpResponseMessage moved = await Server.SendAsync(
            HttpMethod.Put, $"http://{other.Address}/v2/a/manifests/latest", new ByteArrayContent(two.RawBytes.ToArray()) { Headers = { ContentType = new(two.MediaType) } });
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
        Assert.Equal(two.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/latest"));

        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"http://{other.Address}/v2/a/manifests/{one.Digest}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/manifests/{one.Digest}"));
    }
}
