using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Conformance;

/// <summary>The ping, an empty repository, pages of tags, and uploads that are asked about and cancelled.</summary>
/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1.</remarks>
public sealed class DiscoveryTests : ServerTest
{
    [Fact]
    public async Task Ping_IsOk()
    {
        using HttpResponseMessage response = await Server.GetAsync("/v2/");
        Assert.Equal((HttpStatusCode.OK, "registry/2.0"), (response.StatusCode, ServerFixture.Header(response, "Docker-Distribution-API-Version")));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task EmptyRepository_HasNoTagsAndAnEmptyListOfReferrers(DigestAlgorithm algorithm)
    {
        Assert.Contains(await Server.StatusAsync(HttpMethod.Get, "/v2/empty/repo/tags/list"), new[] { HttpStatusCode.OK, HttpStatusCode.NotFound });
        using HttpResponseMessage referrers = await Server.GetAsync($"/v2/empty/repo/referrers/{Digest.Compute("none"u8, algorithm)}");
        Assert.Equal((HttpStatusCode.OK, MediaTypes.ImageIndex), (referrers.StatusCode, ServerFixture.Header(referrers, "Content-Type")));
        Assert.Empty(ImageIndex.Parse(await referrers.Content.ReadAsByteArrayAsync(Cancellation)).Manifests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Tags_FollowedByLink_AreAllOfThemOnceAndInOrder(int pageLength)
    {
        string[] tags = ["1.0", "1.10", "1.9", "Index", "_x", "index", "latest"];
        foreach (string tag in tags.Reverse())
        {
            await Server.PushArtifactAsync("many/tags", tag, "one");
        }

        List<string> seen = [];
        string? path = $"/v2/many/tags/tags/list?n={pageLength}";
        while (path is not null)
        {
            using HttpResponseMessage response = await Server.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, ServerFixture.Header(response, "Content-Type")));
            JsonObject list = (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation))!;
            string[] page = [.. ((JsonArray)list["tags"]!).Select(tag => (string)tag!)];
            Assert.InRange(page.Length, 0, pageLength);
            seen.AddRange(page);
            string link = ServerFixture.Header(response, "Link");
            Assert.Matches("^none$|^<[^>]+>; rel=\"next\"$", link);
            path = link == "none" ? null : link[1..link.IndexOf('>', StringComparison.Ordinal)];
        }

        Assert.Equal(tags, seen);
    }

    [Fact] // The suite: 'tag "index" returned when last set to "index"' is a failure.
    public async Task Tags_AfterLast_LeaveLastOut()
    {
        await Server.PushArtifactAsync("a", "index", "one");
        await Server.PushArtifactAsync("a", "later", "one");
        JsonObject list = await Server.GetJsonAsync("/v2/a/tags/list?last=index");
        Assert.Equal(["later"], ((JsonArray)list["tags"]!).Select(tag => (string)tag!));
    }

    [Fact]
    public async Task Upload_Cancelled_IsGone()
    {
        string upload = await Server.OpenUploadAsync("some/blobs");
        using (HttpResponseMessage status = await Server.GetAsync(upload))
        {
            Assert.Equal((HttpStatusCode.NoContent, "0-0", upload), (status.StatusCode, ServerFixture.Header(status, "Range"), ServerFixture.Header(status, "Location")));
        }

        Assert.Equal(HttpStatusCode.NoContent, await Server.StatusAsync(HttpMethod.Delete, upload));
        using HttpResponseMessage gone = await Server.GetAsync(upload);
        await ServerFixture.AssertErrorAsync(gone, HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }
}
