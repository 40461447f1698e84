using System.Net;
using System.Net.Sockets;
using System.Text;
using DevOps.Oci;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1, "Pushing blobs".</remarks>
public sealed class UploadEndpointTests : ServerTest
{
    private const string Text = "0123456789";

    private static readonly Digest TextDigest = Digest.Compute("0123456789"u8);

    [Fact]
    public async Task Put_AfterPost_MakesTheBlob()
    {
        string upload = await Server.OpenUploadAsync("a/b");
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={TextDigest}", ServerFixture.Body(Text));
        await AssertCreatedAsync(response, "a/b", TextDigest);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, upload));
    }

    [Fact]
    public async Task Post_WithDigest_MakesTheBlob()
    {
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={Uri.EscapeDataString(TextDigest.ToString())}", ServerFixture.Body(Text));
        await AssertCreatedAsync(response, "a", TextDigest);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Any_EmptyBlob_IsABlob(string method)
    {
        Digest empty = Digest.Compute([]);
        string upload = method == "POST" ? "/v2/a/blobs/uploads/" : await Server.OpenUploadAsync("a");
        if (method == "PATCH")
        {
            using HttpResponseMessage patched = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(""));
            Assert.Equal(HttpStatusCode.Accepted, patched.StatusCode);
        }

        using HttpResponseMessage response = await Server.SendAsync(method == "POST" ? HttpMethod.Post : HttpMethod.Put, $"{upload}?digest={empty}", ServerFixture.Body(""));
        await AssertCreatedAsync(response, "a", empty, "");
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Patch_Chunks_AddUp(DigestAlgorithm algorithm)
    {
        Digest digest = Digest.Compute(Encoding.UTF8.GetBytes(Text), algorithm);
        string upload = await Server.OpenUploadAsync("a");
        upload = await PatchAsync(upload, "0-3", "0123", "0-3");
        upload = await PatchAsync(upload, "4-7", "4567", "0-7");
        using HttpResponseMessage status = await Server.GetAsync(upload);
        Assert.Equal((HttpStatusCode.NoContent, "0-7"), (status.StatusCode, ServerFixture.Header(status, "Range")));
        Assert.Equal(upload, ServerFixture.Header(status, "Location"));

        // The last chunk comes with the PUT.
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body("89"), ("Content-Range", "8-9"));
        await AssertCreatedAsync(response, "a", digest);
    }

    [Fact]
    public async Task Patch_AllChunksThenEmptyPut_MakesTheBlob()
    {
        string upload = await PatchAsync(await Server.OpenUploadAsync("a"), "0-9", Text, "0-9");
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={TextDigest}", ServerFixture.Body(""));
        await AssertCreatedAsync(response, "a", TextDigest);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Any_OutOfOrder_IsRefusedAndTheUploadGoesOn(string method)
    {
        string upload = await Server.OpenUploadAsync("a");
        using (HttpResponseMessage early = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body("56789"), ("Content-Range", "5-9")))
        {
            Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, early.StatusCode);
        }

        using (HttpResponseMessage status = await Server.GetAsync(upload))
        {
            Assert.Equal((HttpStatusCode.NoContent, "0-0"), (status.StatusCode, ServerFixture.Header(status, "Range")));
        }

        upload = await PatchAsync(upload, "0-4", "01234", "0-4");
        foreach (string wrong in (string[])["0-4", "6-9", "4-8"])
        {
            string query = method == "PUT" ? $"?digest={TextDigest}" : "";
            using HttpResponseMessage refused = await Server.SendAsync(new(method), upload + query, ServerFixture.Body("56789"[..Math.Min(5, wrong == "6-9" ? 4 : 5)]), ("Content-Range", wrong));
            Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);
            Assert.Equal("0-4", ServerFixture.Header(refused, "Range"));
        }

        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={TextDigest}", ServerFixture.Body("56789"), ("Content-Range", "5-9"));
        await AssertCreatedAsync(response, "a", TextDigest);
    }

    [Theory]
    [InlineData("0-4")]
    [InlineData("0-")]
    [InlineData("-9")]
    [InlineData("9-0")]
    [InlineData("a-b")]
    [InlineData("0-9-9")]
    [InlineData("99999999999999999999-0")]
    public async Task Patch_RangeThatIsNotTheBody_IsRefused(string range)
    {
        string upload = await Server.OpenUploadAsync("a");
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(Text), ("Content-Range", range));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Fact]
    public async Task Patch_StreamWithoutLength_IsTakenWhole()
    {
        const int Length = 3 << 20;
        using DigestBuilder digest = new();
        using MemoryStream bytes = new();
        await new PatternStream(Length, 3).CopyToAsync(bytes, Cancellation);
        digest.Append(bytes.ToArray());
        Digest expected = digest.ToDigest();

        string upload = await Server.OpenUploadAsync("a");
        using (HttpResponseMessage patched = await Server.SendAsync(HttpMethod.Patch, upload, new StreamContent(new PatternStream(Length, 3)), ("Transfer-Encoding", "chunked")))
        {
            Assert.Equal((HttpStatusCode.Accepted, $"0-{Length - 1}"), (patched.StatusCode, ServerFixture.Header(patched, "Range")));
        }

        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={expected}", ServerFixture.Body(""));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(bytes.ToArray(), await Server.GetBytesAsync($"/v2/a/blobs/{expected}"));
    }

    [Theory]
    [InlineData("POST", DigestAlgorithm.Sha256)]
    [InlineData("POST", DigestAlgorithm.Sha512)]
    [InlineData("PUT", DigestAlgorithm.Sha256)]
    [InlineData("PATCH", DigestAlgorithm.Sha256)]
    [InlineData("PATCH", DigestAlgorithm.Sha512)]
    public async Task Any_WrongDigest_IsRefusedAndNotVisible(string method, DigestAlgorithm algorithm)
    {
        Digest wrong = Digest.Compute("something else"u8, algorithm);
        string upload = method == "POST" ? "/v2/a/blobs/uploads/" : await Server.OpenUploadAsync("a");
        if (method == "PATCH")
        {
            upload = await PatchAsync(upload, "0-9", Text, "0-9");
        }

        using HttpResponseMessage response = await Server.SendAsync(
            method == "POST" ? HttpMethod.Post : HttpMethod.Put, $"{upload}?digest={wrong}", ServerFixture.Body(method == "PATCH" ? "" : Text));
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.BadRequest, "DIGEST_INVALID");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{wrong}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{TextDigest}"));
    }

    [Theory]
    [InlineData("?digest=sha256:baddigeststring")]
    [InlineData("?digest=")]
    [InlineData("?digest=..%2F..%2Fx")]
    [InlineData("?digest=md5:781e5e245d69b566979b86e28d23f2c7")]
    [InlineData("")]
    public async Task Put_MalformedDigest_IsRefusedAndTheUploadStays(string query)
    {
        string upload = await PatchAsync(await Server.OpenUploadAsync("a"), "0-9", Text, "0-9");
        using (HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, upload + query, ServerFixture.Body("")))
        {
            await ServerFixture.AssertErrorAsync(response, HttpStatusCode.BadRequest, "DIGEST_INVALID");
        }

        using HttpResponseMessage right = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={TextDigest}", ServerFixture.Body(""));
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Fact]
    public async Task Post_Mount_TakesTheBlobOver()
    {
        await Server.PushBlobAsync("team/from", Text);
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?mount={TextDigest}&from=team%2Ffrom", ServerFixture.Body(""));
        await AssertCreatedAsync(response, "to", TextDigest);
    }

    [Theory]
    [InlineData("&from=elsewhere")]
    [InlineData("&from=..%2F..%2Fx")]
    [InlineData("")]
    public async Task Post_MountOfAMissingBlob_OpensAnUpload(string from)
    {
        await Server.PushBlobAsync("other", Text);
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?mount={TextDigest}{from}", ServerFixture.Body(""));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/to/blobs/{TextDigest}"));
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, $"{ServerFixture.Header(response, "Location")}?digest={TextDigest}", ServerFixture.Body(Text));
        await AssertCreatedAsync(put, "to", TextDigest);
    }

    [Fact]
    public async Task Delete_Upload_EndsIt()
    {
        string upload = await PatchAsync(await Server.OpenUploadAsync("a"), "0-9", Text, "0-9");
        Assert.Equal(HttpStatusCode.NoContent, await Server.StatusAsync(HttpMethod.Delete, upload));
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Put])
        {
            using HttpResponseMessage response = await Server.SendAsync(method, $"{upload}?digest={TextDigest}", method == HttpMethod.Get ? null : ServerFixture.Body(""));
            await ServerFixture.AssertErrorAsync(response, HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        }
    }

    [Fact]
    public async Task Any_UploadOfAnotherRepository_IsUnknown()
    {
        string upload = await Server.OpenUploadAsync("a");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, upload.Replace("/v2/a/", "/v2/b/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Put_ConnectionBreaksInTheMiddle_LeavesNothingVisible()
    {
        string upload = await Server.OpenUploadAsync("a");
        using (TcpClient client = new())
        {
            await client.ConnectAsync("127.0.0.1", Server.Address.Port!.Value, Cancellation);
            NetworkStream connection = client.GetStream();
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"PUT {upload}?digest={TextDigest} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"), Cancellation);

            // The server says this when it begins to read the body, so the break comes while it reads.
            byte[] answer = new byte["HTTP/1.1 100".Length];
            await connection.ReadExactlyAsync(answer, Cancellation);
            Assert.Equal("HTTP/1.1 100", Encoding.ASCII.GetString(answer));
            await connection.WriteAsync("01234"u8.ToArray(), Cancellation);
            client.Client.LingerState = new(true, 0);
        }

        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{TextDigest}"));
        await Server.RestartAsync();
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{TextDigest}"));

        // Nothing is in the way of the same blob.
        await Server.PushBlobAsync("a", Text);
        Assert.Equal(Text, Encoding.UTF8.GetString(await Server.GetBytesAsync($"/v2/a/blobs/{TextDigest}")));
    }

    [Theory]
    [InlineData("0123456789", true)]
    [InlineData("012345678", false)]
    public async Task Post_WithDigest_LeavesNoUploadBehind(string content, bool agrees)
    {
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={TextDigest}", ServerFixture.Body(content));
        Assert.Equal(agrees ? HttpStatusCode.Created : HttpStatusCode.BadRequest, response.StatusCode);
        await Server.RestartAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Server.DataPath, "uploads")));
    }

    [Fact]
    public async Task Post_ConnectionBreaksInTheMiddle_LeavesNoUploadBehind()
    {
        using (TcpClient client = new())
        {
            await client.ConnectAsync("127.0.0.1", Server.Address.Port!.Value, Cancellation);
            NetworkStream connection = client.GetStream();
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/a/blobs/uploads/?digest={TextDigest} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"), Cancellation);
            byte[] answer = new byte["HTTP/1.1 100".Length];
            await connection.ReadExactlyAsync(answer, Cancellation);
            await connection.WriteAsync("01234"u8.ToArray(), Cancellation);
            client.Client.LingerState = new(true, 0);
        }

        // The server stops when its requests have ended.
        await Server.RestartAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Server.DataPath, "uploads")));
    }

    private async Task<string> PatchAsync(string upload, string range, string content, string expectedRange)
    {
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(content), ("Content-Range", range));
        Assert.Equal((HttpStatusCode.Accepted, expectedRange), (response.StatusCode, ServerFixture.Header(response, "Range")));
        return ServerFixture.Header(response, "Location");
    }

    // The location must serve the bytes by a plain GET.
    private async Task AssertCreatedAsync(HttpResponseMessage response, string repository, Digest digest, string content = Text)
    {
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(digest.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
        string location = ServerFixture.Header(response, "Location");
        Assert.Equal($"/v2/{repository}/blobs/{digest}", location);
        Assert.Equal(content, Encoding.UTF8.GetString(await Server.GetBytesAsync(location)));
    }
}
