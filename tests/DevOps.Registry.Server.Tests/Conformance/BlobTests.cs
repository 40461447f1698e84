using System.Globalization;
using System.Net;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Conformance;

/// <summary>Each way of pushing a blob, and what can be done with it after.</summary>
/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1, "Pushing blobs".</remarks>
public sealed class BlobTests : ServerTest
{
    private const string Repository = "some/blobs";

    private static readonly string[] Methods = ["post only", "post and put", "one chunk", "chunks", "last chunk in put", "stream"];

    private static readonly string[] Contents = ["", "{}", "0123456789", Text(3000), Text(300_000)];

    public static TheoryData<string, int, DigestAlgorithm> Pushes
    {
        get
        {
            TheoryData<string, int, DigestAlgorithm> all = [];
            foreach (string method in Methods)
            {
                for (int content = 0; content < Contents.Length; content++)
                {
                    all.Add(method, content, DigestAlgorithm.Sha256);
                    all.Add(method, content, DigestAlgorithm.Sha512);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Pushes))]
    public async Task Push_ByEachMethod_MakesABlob(string method, int content, DigestAlgorithm algorithm)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Contents[content]);
        Digest digest = Digest.Compute(bytes, algorithm);
        using HttpResponseMessage created = await PushAsync(method, bytes, digest);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(digest.ToString(), ServerFixture.Header(created, "Docker-Content-Digest"));
        Assert.Equal(0, created.Content.Headers.ContentLength);
        Assert.Equal(bytes, await Server.GetBytesAsync(ServerFixture.Header(created, "Location")));

        string path = $"/v2/{Repository}/blobs/{digest}";
        foreach (HttpMethod verb in (HttpMethod[])[HttpMethod.Head, HttpMethod.Get])
        {
            using HttpResponseMessage response = await Server.SendAsync(verb, path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
            Assert.Equal("none", ServerFixture.Header(response, "Transfer-Encoding"));
            Assert.Equal("application/octet-stream", ServerFixture.Header(response, "Content-Type"));
            Assert.Equal(digest.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
            Assert.Equal(verb == HttpMethod.Get ? bytes : [], await response.Content.ReadAsByteArrayAsync(Cancellation));
        }

        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, path));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, path));
    }

    [Theory]
    [MemberData(nameof(Pushes))]
    public async Task Push_WithAWrongDigest_IsRefused(string method, int content, DigestAlgorithm algorithm)
    {
        Digest wrong = Digest.Compute("something else"u8, algorithm);
        byte[] bytes = Encoding.ASCII.GetBytes(Contents[content]);
        using HttpResponseMessage refused = await PushAsync(method, bytes, wrong);
        await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "DIGEST_INVALID");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/{Repository}/blobs/{wrong}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/{Repository}/blobs/{Digest.Compute(bytes, algorithm)}"));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Get_Missing_IsUnknown(DigestAlgorithm algorithm)
    {
        string path = $"/v2/{Repository}/blobs/{Digest.Compute("missing"u8, algorithm)}";
        using HttpResponseMessage response = await Server.GetAsync(path);
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, path));
    }

    [Theory]
    [InlineData("PATCH", DigestAlgorithm.Sha256)]
    [InlineData("PATCH", DigestAlgorithm.Sha512)]
    [InlineData("PUT", DigestAlgorithm.Sha256)]
    [InlineData("PUT", DigestAlgorithm.Sha512)]
    public async Task OutOfOrder_BeforeAnyByte_IsRefusedAndTheUploadGoesOn(string method, DigestAlgorithm algorithm)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Text(3000));
        Digest digest = Digest.Compute(bytes, algorithm);
        string upload = await Server.OpenUploadAsync(Repository);
        string asked = method == "PUT" ? $"{upload}?digest={digest}" : upload;
        using (HttpResponseMessage early = await Server.SendAsync(new(method), asked, ServerFixture.Body(bytes[1000..2000]), ("Content-Range", "1000-1999")))
        {
            Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, early.StatusCode);
        }

        // The suite asks at the address that refused, with whatever query that had.
        using (HttpResponseMessage status = await Server.GetAsync(asked))
        {
            Assert.Equal((HttpStatusCode.NoContent, "0-0"), (status.StatusCode, ServerFixture.Header(status, "Range")));
            Assert.Equal(upload, ServerFixture.Header(status, "Location"));
        }

        upload = await PatchAsync(upload, bytes, 0, 1000);
        using (HttpResponseMessage gap = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(bytes[2000..]), ("Content-Range", "2000-2999")))
        {
            Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, "0-999"), (gap.StatusCode, ServerFixture.Header(gap, "Range")));
        }

        upload = await PatchAsync(upload, bytes, 1000, 2000);
        using (HttpResponseMessage back = await Server.SendAsync(new(method), method == "PUT" ? $"{upload}?digest={digest}" : upload, ServerFixture.Body(bytes[..1000]), ("Content-Range", "0-999")))
        {
            Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, "0-1999"), (back.StatusCode, ServerFixture.Header(back, "Range")));
            Assert.Equal(upload, ServerFixture.Header(back, "Location"));
        }

        using HttpResponseMessage created = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(bytes[2000..]), ("Content-Range", "2000-2999"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(bytes, await Server.GetBytesAsync(ServerFixture.Header(created, "Location")));
    }

    [Theory]
    [InlineData("500-1499", 206, 500, 1499)]
    [InlineData("500-", 206, 500, 2999)]
    [InlineData("-500", 206, 2500, 2999)]
    [InlineData("2000-5000", 206, 2000, 2999)]
    [InlineData("500-0", 416, 0, 0)]
    [InlineData("5000-10000", 416, 0, 0)]
    public async Task Range_OfABlob_IsThatPart(string range, int status, int first, int last)
    {
        foreach (DigestAlgorithm algorithm in (DigestAlgorithm[])[DigestAlgorithm.Sha256, DigestAlgorithm.Sha512])
        {
            byte[] bytes = Encoding.ASCII.GetBytes(Text(3000));
            Digest digest = Digest.Compute(bytes, algorithm);
            (await PushAsync("post and put", bytes, digest)).Dispose();
            using HttpResponseMessage response = await Server.GetAsync($"/v2/{Repository}/blobs/{digest}", ("Range", $"bytes={range}"));
            Assert.Equal(status, (int)response.StatusCode);
            byte[] expected = status == 206 ? bytes[first..(last + 1)] : [];
            Assert.Equal(expected.Length, response.Content.Headers.ContentLength);
            Assert.Equal(status == 206 ? $"bytes {first}-{last}/3000" : "bytes */3000", ServerFixture.Header(response, "Content-Range"));
            Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData("sha512")]
    [InlineData("sha256")]
    [InlineData("sha3-512")]
    public async Task AlgorithmOfTheStart_IsAHint_AndTheDigestAtTheEndDecides(string word)
    {
        foreach (DigestAlgorithm algorithm in (DigestAlgorithm[])[DigestAlgorithm.Sha256, DigestAlgorithm.Sha512])
        {
            using HttpResponseMessage opened = await Server.SendAsync(HttpMethod.Post, $"/v2/{Repository}/blobs/uploads/?digest-algorithm={word}", ServerFixture.Body(""));
            Assert.Equal(HttpStatusCode.Accepted, opened.StatusCode);
            string upload = await PatchAsync(ServerFixture.Header(opened, "Location"), "0123456789"u8.ToArray(), 0, 10);
            Digest digest = Digest.Compute("0123456789"u8, algorithm);
            using HttpResponseMessage created = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(""));
            Assert.Equal((HttpStatusCode.Created, digest.ToString()), (created.StatusCode, ServerFixture.Header(created, "Docker-Content-Digest")));
        }
    }

    private async Task<HttpResponseMessage> PushAsync(string method, byte[] bytes, Digest digest)
    {
        if (method == "post only")
        {
            return await Server.SendAsync(HttpMethod.Post, $"/v2/{Repository}/blobs/uploads/?digest={digest}", ServerFixture.Body(bytes));
        }

        string upload = await Server.OpenUploadAsync(Repository);
        int sent = 0;
        switch (method)
        {
            case "one chunk":
                upload = await PatchAsync(upload, bytes, 0, sent = bytes.Length);
                break;
            case "chunks" or "last chunk in put":
                int chunk = Math.Max(1, (bytes.Length + 2) / 3);
                int end = method == "chunks" ? bytes.Length : bytes.Length - Math.Min(chunk, bytes.Length);
                for (; sent < end; sent = Math.Min(sent + chunk, end))
                {
                    upload = await PatchAsync(upload, bytes, sent, Math.Min(sent + chunk, end));
                }

                break;
            case "stream":
                using (HttpResponseMessage patched = await Server.SendAsync(HttpMethod.Patch, upload, new StreamContent(new TrickleStream(bytes)), ("Transfer-Encoding", "chunked")))
                {
                    Assert.Equal(HttpStatusCode.Accepted, patched.StatusCode);
                    upload = ServerFixture.Header(patched, "Location");
                }

                sent = bytes.Length;
                break;
        }

        (string Name, string Value)[] range = method == "last chunk in put" && sent < bytes.Length ? [("Content-Range", RangeOf(sent, bytes.Length))] : [];
        return await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(bytes[sent..]), range);
    }

    private async Task<string> PatchAsync(string upload, byte[] bytes, int first, int end)
    {
        (string Name, string Value)[] range = end > first ? [("Content-Range", RangeOf(first, end))] : [];
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(bytes[first..end]), range);
        Assert.Equal((HttpStatusCode.Accepted, RangeOf(0, Math.Max(1, end))), (response.StatusCode, ServerFixture.Header(response, "Range")));
        return ServerFixture.Header(response, "Location");
    }

    private static string RangeOf(int first, int end) => string.Create(CultureInfo.InvariantCulture, $"{first}-{end - 1}");

    private static string Text(int length) => string.Concat(Enumerable.Range(0, length / 5).Select(i => i.ToString("d5", CultureInfo.InvariantCulture)));
}
