using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1, "Pulling blobs".</remarks>
public sealed class BlobEndpointTests : ServerTest
{
    [Fact]
    public async Task Get_Blob_SendsExactlyIt()
    {
        Digest digest = await Server.PushBlobAsync("a/b", "a blob");
        using HttpResponseMessage response = await Server.GetAsync($"/v2/a/b/blobs/{digest}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("a blob", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(6, response.Content.Headers.ContentLength);
        Assert.Equal("application/octet-stream", ServerFixture.Header(response, "Content-Type"));
        Assert.Equal(digest.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
        Assert.Equal("none", ServerFixture.Header(response, "Transfer-Encoding"));
    }

    [Fact]
    public async Task Head_Blob_TellsItsLength()
    {
        Digest digest = await Server.PushBlobAsync("a/b", "a blob");
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Head, $"/v2/a/b/blobs/{digest}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(6, response.Content.Headers.ContentLength);
        Assert.Equal(digest.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("bytes=500-1499", 206, 500, 1499)]
    [InlineData("bytes=500-", 206, 500, 2999)]
    [InlineData("bytes=-500", 206, 2500, 2999)]
    [InlineData("bytes=-5000", 206, 0, 2999)]
    [InlineData("bytes=2000-5000", 206, 2000, 2999)]
    [InlineData("bytes=0-0", 206, 0, 0)]
    [InlineData("bytes=2999-2999", 206, 2999, 2999)]
    [InlineData("bytes=0-99999999999999", 206, 0, 2999)]
    [InlineData("bytes=500-0", 416, 0, 0)]
    [InlineData("bytes=3000-", 416, 0, 0)]
    [InlineData("bytes=5000-10000", 416, 0, 0)]
    [InlineData("bytes=-0", 416, 0, 0)]
    [InlineData("bytes=a-b", 200, 0, 2999)]
    [InlineData("bytes=", 200, 0, 2999)]
    [InlineData("bytes=-", 200, 0, 2999)]
    [InlineData("bytes=--5", 200, 0, 2999)]
    [InlineData("lines=1-2", 200, 0, 2999)]
    [InlineData("bytes=0-1,5-6", 200, 0, 2999)]
    [InlineData("bytes=99999999999999999999-", 200, 0, 2999)]
    public async Task Get_Range_SendsThatPart(string range, int status, int first, int last)
    {
        string content = string.Concat(Enumerable.Range(0, 750).Select(i => $"{i:d4}"));
        Digest digest = await Server.PushBlobAsync("a", content);
        using HttpResponseMessage response = await Server.GetAsync($"/v2/a/blobs/{digest}", ("Range", range));
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 416)
        {
            Assert.Equal("bytes */3000", ServerFixture.Header(response, "Content-Range"));
            Assert.Equal(0, response.Content.Headers.ContentLength);
            return;
        }

        Assert.Equal(content[first..(last + 1)], await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(last - first + 1, response.Content.Headers.ContentLength);
        Assert.Equal(status == 206 ? $"bytes {first}-{last}/3000" : "none", ServerFixture.Header(response, "Content-Range"));
    }

    [Fact]
    public async Task Get_EmptyBlob_SendsNothing()
    {
        Digest digest = await Server.PushBlobAsync("a", "");
        Assert.Empty(await Server.GetBytesAsync($"/v2/a/blobs/{digest}"));
        using HttpResponseMessage ranged = await Server.GetAsync($"/v2/a/blobs/{digest}", ("Range", "bytes=0-0"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, ranged.StatusCode);
    }

    [Fact]
    public async Task Get_MissingBlob_IsUnknown()
    {
        Digest elsewhere = await Server.PushBlobAsync("a", "held by another repository");
        foreach (Digest digest in (Digest[])[Digest.Compute("nowhere"u8), elsewhere])
        {
            using HttpResponseMessage response = await Server.GetAsync($"/v2/b/blobs/{digest}");
            await ServerFixture.AssertErrorAsync(response, HttpStatusCode.NotFound, "BLOB_UNKNOWN");
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/b/blobs/{digest}"));
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Delete, $"/v2/b/blobs/{digest}"));
        }
    }

    [Theory]
    [InlineData("sha256:baddigest")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("x")]
    public async Task Get_MalformedDigest_IsRefused(string digest)
    {
        using HttpResponseMessage response = await Server.GetAsync($"/v2/a/blobs/{digest}");
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task Delete_Blob_ForgetsItInThisRepositoryOnly()
    {
        Digest digest = await Server.PushBlobAsync("a", "shared");
        await Server.PushBlobAsync("b", "shared");
        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/blobs/{digest}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/blobs/{digest}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/blobs/{digest}"));
        Assert.Equal("shared"u8.ToArray(), await Server.GetBytesAsync($"/v2/b/blobs/{digest}"));
    }

    [Fact]
    public async Task Put_Blob_HasNoMeaning()
    {
        Digest digest = await Server.PushBlobAsync("a", "blob");
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, $"/v2/a/blobs/{digest}", ServerFixture.Body("x"));
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
    }

    [Fact] // as a loss of power may leave it; another repository's manifest keeps it from being collected
    public async Task Damaged_DeletedAndPushedAgain_IsWholeInEveryRepository()
    {
        await Server.PushArtifactAsync("b", "latest", "one");
        Digest digest = await Server.PushBlobAsync("a", "{}");
        await File.WriteAllTextAsync(Server.Storage.Blobs.PathOf(digest), "", Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/blobs/{digest}"));
        await Server.PushBlobAsync("a", "{}");
        Assert.Equal("{}"u8.ToArray(), await Server.GetBytesAsync($"/v2/a/blobs/{digest}"));
        Assert.Equal("{}"u8.ToArray(), await Server.GetBytesAsync($"/v2/b/blobs/{digest}"));
    }
}
