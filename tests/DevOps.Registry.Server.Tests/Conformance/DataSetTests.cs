using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Conformance;

/// <summary>Each data set of the conformance suite: pushed, listed, asked for, read, referred to, deleted.</summary>
/// <remarks>Expected values: the distribution-spec's conformance suite, its 1.1 and its later state.</remarks>
public sealed class DataSetTests : ServerTest
{
    private static readonly string[] Names =
    [
        "image", "uncompressed", "large manifest", "docker image", "index", "nested index", "empty index", "artifact", "artifact without artifactType", "artifact index", "no layers",
        "artifacts with subject", "index with subject", "missing subject", "data field", "non-distributable layers", "custom fields",
    ];

    public static TheoryData<string, DigestAlgorithm> All
    {
        get
        {
            TheoryData<string, DigestAlgorithm> all = [];
            foreach (string name in Names)
            {
                all.Add(name, DigestAlgorithm.Sha256);
                all.Add(name, DigestAlgorithm.Sha512);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task DataSet_ItsWholeLife_IsAsSpecified(string name, DigestAlgorithm algorithm)
    {
        DataSet set = DataSet.Create(name, algorithm);
        await PushAsync(set);
        await AssertListedAsync("root");
        foreach (DataSet.Document manifest in set.Manifests)
        {
            await AssertServedAsync(manifest, manifest.Digest.ToString());
            await AssertReferrersAsync(manifest);
        }

        await AssertServedAsync(set.Root, "root");
        await AssertDeletedAsync(set);
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task TagParameter_SeveralTags_AreEchoed(DigestAlgorithm algorithm)
    {
        DataSet set = DataSet.Create("image", algorithm);
        await PushBlobsAsync(set);
        using HttpResponseMessage put = await PutAsync(set.Root, $"{set.Root.Digest}?tag=a&tag=b");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("a | b", ServerFixture.Header(put, "OCI-Tag"));
        await AssertListedAsync("a", "b");
        await AssertServedAsync(set.Root, "a");
        await AssertServedAsync(set.Root, "b");
    }

    // The suite gives every manifest of an index a tag so, and the index two.
    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task TagParameter_OfAnIndexAndItsImages_TagsAndUntagsEach(DigestAlgorithm algorithm)
    {
        DataSet set = DataSet.Create("index", algorithm);
        await PushBlobsAsync(set);
        List<(string Tag, DataSet.Document Manifest)> tags = [.. set.Manifests.Select((manifest, i) => ($"tag-{i}", manifest)), ("tag-root", set.Root)];
        foreach (DataSet.Document manifest in set.Manifests)
        {
            string[] own = [.. tags.Where(tag => tag.Manifest == manifest).Select(tag => tag.Tag)];
            using HttpResponseMessage put = await PutAsync(manifest, $"{manifest.Digest}?{string.Join('&', own.Select(tag => $"tag={tag}"))}");
            Assert.Equal((HttpStatusCode.Created, string.Join(" | ", own)), (put.StatusCode, ServerFixture.Header(put, "OCI-Tag")));
        }

        await AssertListedAsync([.. tags.Select(tag => tag.Tag)]);
        foreach ((string tag, DataSet.Document manifest) in tags)
        {
            await AssertServedAsync(manifest, tag);
            Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/data/set/manifests/{tag}"));
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/data/set/manifests/{tag}"));
            await AssertServedAsync(manifest, manifest.Digest.ToString());
        }
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task BadDigest_OfAnImage_IsRefused(DigestAlgorithm algorithm)
    {
        DataSet set = DataSet.Create("image", algorithm);
        await PushBlobsAsync(set);
        Digest other = Digest.Compute("other"u8, algorithm);
        using HttpResponseMessage put = await PutAsync(set.Root, other.ToString());
        await ServerFixture.AssertErrorAsync(put, HttpStatusCode.BadRequest, "DIGEST_INVALID");
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, $"/v2/data/set/manifests/{other}"));
    }

    [Theory]
    [InlineData("sha256:baddigeststring")]
    [InlineData("sha512:baddigeststring")]
    public async Task MalformedDigest_PutAndGet_AreRefused(string digest)
    {
        DataSet set = DataSet.Create("image", DigestAlgorithm.Sha256);
        await PushBlobsAsync(set);
        using HttpResponseMessage put = await PutAsync(set.Root, digest);
        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
        Assert.Contains(await Server.StatusAsync(HttpMethod.Get, $"/v2/data/set/manifests/{digest}"), new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Manifest_Missing_IsUnknownByDigestAndTag(DigestAlgorithm algorithm)
    {
        foreach (string reference in (string[])[Digest.Compute("missing"u8, algorithm).ToString(), "missing"])
        {
            using HttpResponseMessage get = await Server.GetAsync($"/v2/data/set/manifests/{reference}");
            await ServerFixture.AssertErrorAsync(get, HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/data/set/manifests/{reference}"));
        }
    }

    [Theory]
    [InlineData(SparseIndex.Refuse, HttpStatusCode.NotFound)]
    [InlineData(SparseIndex.Accept, HttpStatusCode.Created)]
    public async Task SparseIndex_FollowsThePolicy(SparseIndex policy, HttpStatusCode expected)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Registry = options.Registry with { WhenIndexIsSparse = policy } });
        ImageIndex index = ImageIndex.Create(Descriptor.ForContent(MediaTypes.ImageManifest, "another platform"u8));
        using HttpResponseMessage put = await server.PutManifestAsync("a", "sparse", index);
        Assert.Equal(expected, put.StatusCode);

        // The policy is for indexes: an image without its layers is of no use.
        using HttpResponseMessage image = await server.PutManifestAsync("a", "image", ServerFixture.Artifact("x"));
        await ServerFixture.AssertErrorAsync(image, HttpStatusCode.NotFound, "MANIFEST_BLOB_UNKNOWN");
    }

    private async Task PushBlobsAsync(DataSet set)
    {
        foreach ((Digest digest, byte[] bytes) in set.Blobs)
        {
            string upload = await Server.OpenUploadAsync("data/set");
            using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body(bytes));
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }
    }

    private async Task PushAsync(DataSet set)
    {
        await PushBlobsAsync(set);
        foreach (DataSet.Document manifest in set.Manifests)
        {
            using HttpResponseMessage put = await PutAsync(manifest, manifest == set.Root ? $"{manifest.Digest}?tag=root" : manifest.Digest.ToString());
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
            Assert.Equal(manifest.Digest.ToString(), ServerFixture.Header(put, "Docker-Content-Digest"));
            Assert.Equal(manifest.Subject ?? "none", ServerFixture.Header(put, "OCI-Subject"));
            Assert.Equal(manifest.Bytes, await Server.GetBytesAsync(ServerFixture.Header(put, "Location")));
        }

        if (set.Root.Digest.Algorithm is DigestAlgorithm.Sha256)
        {
            using HttpResponseMessage put = await PutAsync(set.Root, "root");
            Assert.Equal((HttpStatusCode.Created, set.Root.Digest.ToString()), (put.StatusCode, ServerFixture.Header(put, "Docker-Content-Digest")));
        }
    }

    private Task<HttpResponseMessage> PutAsync(DataSet.Document manifest, string reference) => Server.SendAsync(
        HttpMethod.Put, $"/v2/data/set/manifests/{reference}", new ByteArrayContent(manifest.Bytes) { Headers = { ContentType = new(manifest.MediaType) } });

    private async Task AssertListedAsync(params string[] tags)
    {
        JsonObject list = await Server.GetJsonAsync("/v2/data/set/tags/list");
        Assert.Equal("data/set", (string?)list["name"]);
        Assert.Equal(tags, ((JsonArray)list["tags"]!).Select(tag => (string)tag!));
    }

    private async Task AssertServedAsync(DataSet.Document manifest, string reference)
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Get])
        {
            using HttpResponseMessage response = await Server.SendAsync(method, $"/v2/data/set/manifests/{reference}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(manifest.MediaType, ServerFixture.Header(response, "Content-Type"));
            Assert.Equal(manifest.Digest.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
            Assert.Equal(manifest.Bytes.Length, response.Content.Headers.ContentLength);
            Assert.Equal("none", ServerFixture.Header(response, "Transfer-Encoding"));
            Assert.Equal(method == HttpMethod.Get ? manifest.Bytes : [], await response.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    private async Task AssertReferrersAsync(DataSet.Document manifest)
    {
        if (manifest.Subject is not { } subject)
        {
            return;
        }

        JsonObject all = await ReferrersAsync($"{subject}", "none");
        JsonObject found = Assert.Single(((JsonArray)all["manifests"]!).Cast<JsonObject>(), referrer => (string?)referrer["digest"] == manifest.Digest.ToString());
        Assert.Equal((manifest.MediaType, manifest.Bytes.Length, manifest.ReferrerType), ((string?)found["mediaType"], (int)found["size"]!, (string?)found["artifactType"]));
        Assert.True(JsonNode.DeepEquals(manifest.Body["annotations"], found["annotations"]));

        JsonObject some = await ReferrersAsync($"{subject}?artifactType={Uri.EscapeDataString(manifest.ReferrerType!)}", "artifactType");
        Assert.All((JsonArray)some["manifests"]!, referrer => Assert.Equal(manifest.ReferrerType, (string?)referrer!["artifactType"]));
        Assert.Contains((JsonArray)some["manifests"]!, referrer => (string?)referrer!["digest"] == manifest.Digest.ToString());
        JsonObject none = await ReferrersAsync($"{subject}?artifactType=application%2Fx-other", "artifactType");
        Assert.Empty((JsonArray)none["manifests"]!);
    }

    private async Task<JsonObject> ReferrersAsync(string query, string filters)
    {
        using HttpResponseMessage response = await Server.GetAsync($"/v2/data/set/referrers/{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(MediaTypes.ImageIndex, ServerFixture.Header(response, "Content-Type"));
        Assert.Equal(filters, ServerFixture.Header(response, "OCI-Filters-Applied"));
        JsonObject index = (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation))!;
        Assert.Equal((2, MediaTypes.ImageIndex), ((int)index["schemaVersion"]!, (string?)index["mediaType"]));
        return index;
    }

    private async Task AssertDeletedAsync(DataSet set)
    {
        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, "/v2/data/set/manifests/root"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, "/v2/data/set/manifests/root"));
        await AssertServedAsync(set.Root, set.Root.Digest.ToString());
        foreach (DataSet.Document manifest in set.Manifests.Reverse())
        {
            string path = $"/v2/data/set/manifests/{manifest.Digest}";
            Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, path));
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, path));
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, path));
            if (manifest.Subject is { } subject)
            {
                Assert.DoesNotContain((JsonArray)(await ReferrersAsync(subject, "none"))["manifests"]!, referrer => (string?)referrer!["digest"] == manifest.Digest.ToString());
            }
        }

        foreach ((Digest digest, _) in set.Blobs)
        {
            Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/data/set/blobs/{digest}"));
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/data/set/blobs/{digest}"));
        }
    }
}
