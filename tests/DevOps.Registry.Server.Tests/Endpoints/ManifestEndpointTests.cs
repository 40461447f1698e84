using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1, "Pushing Manifests".</remarks>
public sealed class ManifestEndpointTests : ServerTest
{
    [Fact]
    public async Task Put_Manifest_CanBeReadByTagAndDigest()
    {
        await Server.PushBlobAsync("a", "{}");
        ImageManifest manifest = ServerFixture.Artifact("one");
        using HttpResponseMessage put = await Server.PutManifestAsync("a", "latest", manifest);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal($"/v2/a/manifests/{manifest.Digest}", ServerFixture.Header(put, "Location"));
        Assert.Equal(manifest.Digest.ToString(), ServerFixture.Header(put, "Docker-Content-Digest"));
        Assert.Equal("none", ServerFixture.Header(put, "OCI-Subject"));

        foreach (string reference in (string[])["latest", manifest.Digest.ToString()])
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using HttpResponseMessage response = await Server.SendAsync(method, $"/v2/a/manifests/{reference}");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(MediaTypes.ImageManifest, ServerFixture.Header(response, "Content-Type"));
                Assert.Equal(manifest.RawBytes.Length, response.Content.Headers.ContentLength);
                Assert.Equal(manifest.Digest.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
                Assert.Equal(method == HttpMethod.Get ? manifest.RawBytes.ToArray() : [], await response.Content.ReadAsByteArrayAsync(Cancellation));
            }
        }
    }

    [Fact]
    public async Task Put_NestedAndEmptyIndexes_AreTaken()
    {
        ImageManifest image = await Server.PushArtifactAsync("a", "image", "one");
        ImageIndex inner = ImageIndex.Create(image.Descriptor);
        await Server.PushManifestAsync("a", inner.Digest.ToString(), inner);
        await Server.PushManifestAsync("a", "outer", ImageIndex.Create(inner.Descriptor));
        await Server.PushManifestAsync("a", "empty", ImageIndex.Create());
        using HttpResponseMessage response = await Server.GetAsync("/v2/a/manifests/outer");
        Assert.Equal(MediaTypes.ImageIndex, ServerFixture.Header(response, "Content-Type"));
    }

    [Fact]
    public async Task Put_Sha512_IsKeptUnderThatDigest()
    {
        await Server.PushBlobAsync("a", "{}");
        ImageManifest manifest = ServerFixture.Artifact("long");
        Digest digest = Digest.Compute(manifest.RawBytes.Span, DigestAlgorithm.Sha512);
        using HttpResponseMessage put = await Server.PutManifestAsync("a", digest.ToString(), manifest);
        Assert.Equal((HttpStatusCode.Created, digest.ToString()), (put.StatusCode, ServerFixture.Header(put, "Docker-Content-Digest")));
        using HttpResponseMessage got = await Server.GetAsync(ServerFixture.Header(put, "Location"));
        Assert.Equal(digest.ToString(), ServerFixture.Header(got, "Docker-Content-Digest"));
        Assert.Equal(manifest.RawBytes.ToArray(), await got.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Put_LargestManifest_IsTakenAndNoLarger()
    {
        await Server.PushBlobAsync("a", "{}");
        int length = ServerFixture.Artifact("").RawBytes.Length;
        ImageManifest largest = ServerFixture.Artifact(new string('x', OciDocument.MaxLengthBytes - length));
        Assert.Equal(4 << 20, largest.RawBytes.Length);
        await Server.PushManifestAsync("a", "large", largest);
        Assert.Equal(largest.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/large"));

        ByteArrayContent larger = new([.. largest.RawBytes.Span, (byte)' ']) { Headers = { ContentType = new(MediaTypes.ImageManifest) } };
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, "/v2/a/manifests/larger", larger);
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
    }

    [Fact]
    public async Task Put_SeveralTags_SetsThemAll()
    {
        await Server.PushBlobAsync("a", "{}");
        ImageManifest manifest = ServerFixture.Artifact("one");
        using HttpResponseMessage put = await Server.PutManifestAsync("a", $"{manifest.Digest}?tag=1&tag=1.2&tag=latest", manifest);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("1 | 1.2 | latest", ServerFixture.Header(put, "OCI-Tag"));
        foreach (string tag in (string[])["1", "1.2", "latest"])
        {
            Assert.Equal(manifest.RawBytes.ToArray(), await Server.GetBytesAsync($"/v2/a/manifests/{tag}"));
        }
    }

    [Fact]
    public async Task Put_OneOfSeveralTagsMalformed_SetsNone()
    {
        await Server.PushBlobAsync("a", "{}");
        ImageManifest manifest = ServerFixture.Artifact("one");
        using HttpResponseMessage put = await Server.PutManifestAsync("a", $"{manifest.Digest}?tag=good&tag=..%2Fbad", manifest);
        await ServerFixture.AssertErrorAsync(put, HttpStatusCode.BadRequest, "MANIFEST_INVALID");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, "/v2/a/manifests/good"));
    }

    [Fact]
    public async Task Put_Subject_IsEchoedEvenIfMissing()
    {
        await Server.PushBlobAsync("a", "{}");
        Descriptor missing = Descriptor.ForContent(MediaTypes.ImageManifest, "missing"u8);
        using HttpResponseMessage put = await Server.PutManifestAsync("a", "signature", ServerFixture.Artifact("s", missing));
        Assert.Equal((HttpStatusCode.Created, missing.Digest.ToString()), (put.StatusCode, ServerFixture.Header(put, "OCI-Subject")));
    }

    [Fact]
    public async Task Put_NonDistributableLayer_NeedNotBeHeld()
    {
        await Server.PushBlobAsync("a", "{}");
        Descriptor config = Descriptor.ForContent(MediaTypes.EmptyJson, "{}"u8);
        ImageManifest manifest = ImageManifest.Create(config, Descriptor.ForContent("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "elsewhere"u8));
        await Server.PushManifestAsync("a", "foreign", manifest);
    }

    [Fact]
    public async Task Put_MissingBlob_IsRefused()
    {
        using HttpResponseMessage put = await Server.PutManifestAsync("a", "latest", ServerFixture.Artifact("one"));
        await ServerFixture.AssertErrorAsync(put, HttpStatusCode.NotFound, "MANIFEST_BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, "/v2/a/manifests/latest"));
    }

    [Theory]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "DIGEST_INVALID")]
    [InlineData("sha256:baddigeststring", "MANIFEST_INVALID")]
    [InlineData("-tag", "MANIFEST_INVALID")]
    [InlineData("a%20b", "MANIFEST_INVALID")]
    public async Task Put_WrongReference_IsRefused(string reference, string code)
    {
        await Server.PushBlobAsync("a", "{}");
        ImageManifest manifest = ServerFixture.Artifact("one");
        using HttpResponseMessage put = await Server.PutManifestAsync("a", reference, manifest);
        await ServerFixture.AssertErrorAsync(put, HttpStatusCode.BadRequest, code);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/manifests/{manifest.Digest}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"schemaVersion":1,"manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"a/b","size":1,"digest":"sha256:../../x"}]}""")]
    public async Task Put_MalformedIndex_IsRefused(string body)
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new(MediaTypes.ImageIndex) } };
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, "/v2/a/manifests/latest", content);
        await ServerFixture.AssertErrorAsync(put, HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Put_OtherContentType_IsRefused(string? contentType)
    {
        ByteArrayContent content = new(ImageIndex.Create().RawBytes.ToArray());
        content.Headers.ContentType = contentType is null ? null : new(contentType);
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, "/v2/a/manifests/latest", content);
        await ServerFixture.AssertErrorAsync(put, HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task Put_ContentTypeWithParameters_IsKeptWithout()
    {
        ByteArrayContent content = new(ImageIndex.Create().RawBytes.ToArray()) { Headers = { ContentType = new(MediaTypes.ImageIndex, "utf-8") } };
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, "/v2/a/manifests/latest", content);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        using HttpResponseMessage got = await Server.GetAsync("/v2/a/manifests/latest");
        Assert.Equal(MediaTypes.ImageIndex, ServerFixture.Header(got, "Content-Type"));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:baddigeststring")]
    public async Task Get_Missing_IsUnknown(string reference)
    {
        await Server.PushArtifactAsync("a", "latest", "one");
        using HttpResponseMessage got = await Server.GetAsync($"/v2/a/manifests/{reference}");
        await ServerFixture.AssertErrorAsync(got, HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        using HttpResponseMessage deleted = await Server.SendAsync(HttpMethod.Delete, $"/v2/a/manifests/{reference}");
        await ServerFixture.AssertErrorAsync(deleted, HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Get_ManifestOfAnotherRepository_IsUnknown()
    {
        ImageManifest manifest = await Server.PushArtifactAsync("a", "latest", "one");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/b/manifests/{manifest.Digest}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/b/blobs/{manifest.Digest}"));
    }

    [Fact]
    public async Task Delete_Tag_KeepsTheManifest()
    {
        ImageManifest manifest = await Server.PushArtifactAsync("a", "latest", "one");
        await Server.PushManifestAsync("a", "other", manifest);
        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, "/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/other"));
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/manifests/{manifest.Digest}"));
    }

    [Fact]
    public async Task Delete_Manifest_TakesItsTagsAlong()
    {
        ImageManifest one = await Server.PushArtifactAsync("a", "one", "one");
        ImageManifest two = await Server.PushArtifactAsync("a", "two", "two");
        await Server.PushManifestAsync("a", "first", one);
        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{one.Digest}"));
        foreach (string gone in (string[])["one", "first", one.Digest.ToString()])
        {
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/a/manifests/{gone}"));
        }

        Assert.Equal(["two"], ((JsonArray)(await Server.GetJsonAsync("/v2/a/tags/list"))["tags"]!).Select(tag => (string)tag!));
        Assert.Equal(two.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/two"));
    }

    [Fact]
    public async Task Delete_WhileTheManifestGetsATag_LeavesNoTagThatLeadsNowhere()
    {
        ImageManifest manifest = await Server.PushArtifactAsync("a", "first", "one");
        for (int round = 0; round < 200; round++)
        {
            await Task.WhenAll(
                Server.PushManifestAsync("a", "latest", manifest),
                Server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}"));
            JsonArray tags = (JsonArray)(await Server.GetJsonAsync("/v2/a/tags/list"))["tags"]!;
            Assert.Equal(tags.Count > 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/latest"));
        }
    }

    [Theory] // as a loss of power may leave it
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("{}", false)]
    [InlineData("{}", true)]
    public async Task Damaged_IsNotGivenOutAndIsWholeWhenPushedAgain(string damage, bool deletes)
    {
        ImageManifest manifest = await Server.PushArtifactAsync("a", "latest", "one", Descriptor.ForContent(MediaTypes.ImageManifest, "subject"u8));
        await File.WriteAllTextAsync(Server.Storage.Blobs.PathOf(manifest.Digest), damage, Cancellation);
        await Server.RestartAsync();
        using (HttpResponseMessage damaged = await Server.GetAsync("/v2/a/manifests/latest"))
        {
            await ServerFixture.AssertErrorAsync(damaged, HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        }

        if (deletes)
        {
            Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}"));
            Assert.Equal(0, (await Server.Storage.CollectGarbageAsync(cancellationToken: Cancellation)).ManifestCount);
        }

        await Server.PushManifestAsync("a", "latest", manifest);
        Assert.Equal(manifest.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/latest"));
    }
}
