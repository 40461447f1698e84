using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1, "Listing Tags" and "Listing Referrers".</remarks>
public sealed class ListEndpointTests : ServerTest
{
    [Fact]
    public async Task Tags_All_AreInOrderWithTheName()
    {
        await PushTagsAsync("team/api", "b", "a", "1.10", "1.2", "B");
        JsonObject list = await Server.GetJsonAsync("/v2/team/api/tags/list");
        Assert.Equal("team/api", (string?)list["name"]);
        Assert.Equal(["1.10", "1.2", "B", "a", "b"], Strings(list, "tags"));
    }

    [Theory]
    [InlineData("?n=2", "a b", "</v2/r/tags/list?n=2&last=b>; rel=\"next\"")]
    [InlineData("?n=2&last=b", "c d", "</v2/r/tags/list?n=2&last=d>; rel=\"next\"")]
    [InlineData("?n=2&last=c", "d e", "none")]
    [InlineData("?n=2&last=bb", "c d", "</v2/r/tags/list?n=2&last=d>; rel=\"next\"")]
    [InlineData("?last=a", "b c d e", "none")]
    [InlineData("?last=e", "", "none")]
    [InlineData("?n=5", "a b c d e", "none")]
    [InlineData("?n=100", "a b c d e", "none")]
    [InlineData("?n=0", "", "none")]
    [InlineData("?n=-1", "a b c d e", "none")]
    [InlineData("?n=x", "a b c d e", "none")]
    [InlineData("?n=2147483647", "a b c d e", "none")]
    [InlineData("?n=99999999999999999999", "a b c d e", "none")]
    [InlineData("?last=", "a b c d e", "none")]
    public async Task Tags_Page_LinksToTheNext(string query, string expected, string link)
    {
        await PushTagsAsync("r", "a", "b", "c", "d", "e");
        using HttpResponseMessage response = await Server.GetAsync("/v2/r/tags/list" + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", ServerFixture.Header(response, "Content-Type"));
        Assert.Equal(link, ServerFixture.Header(response, "Link"));
        JsonObject list = (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation))!;
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Strings(list, "tags"));
    }

    [Fact]
    public async Task Tags_MoreThanAPageMayHave_GoOnWithTheNext()
    {
        await PushTagsAsync("r", "z");
        string folder = Path.Combine(Server.DataPath, "repositories", "r", "_tags");
        foreach (int i in Enumerable.Range(0, 10_000))
        {
            File.Copy(Path.Combine(folder, "z"), Path.Combine(folder, $"a{i:d5}"));
        }

        using HttpResponseMessage response = await Server.GetAsync("/v2/r/tags/list?n=1000000");
        Assert.Equal("</v2/r/tags/list?n=10000&last=a09999>; rel=\"next\"", ServerFixture.Header(response, "Link"));
        Assert.Equal(["z"], Strings(await Server.GetJsonAsync("/v2/r/tags/list?n=10000&last=a09999"), "tags"));
    }

    // Another registry over the same folder is what another process has.
    [Fact]
    public async Task Tags_AndCatalog_OfAFolderThatAnotherProcessChanges_AreAlwaysAsItIsNow()
    {
        await PushTagsAsync("r", "a", "b");
        await using ServerFixture other = await ServerFixture.StartAsync(options => options with { Directory = Server.DataPath });
        for (int round = 0; round < 20; round++)
        {
            // So long ago that the names are kept.
            Directory.SetLastWriteTimeUtc(Path.Combine(Server.DataPath, "repositories", "r", "_tags"), DateTime.UnixEpoch.AddDays(round));
            Directory.SetLastWriteTimeUtc(Path.Combine(Server.DataPath, "repositories"), DateTime.UnixEpoch.AddDays(round));
            string[] before = [.. Strings(await Server.GetJsonAsync("/v2/r/tags/list"), "tags")];
            string[] repositories = [.. Strings(await Server.GetJsonAsync("/v2/_catalog"), "repositories")];
            await other.PushArtifactAsync("r", $"c{round:d2}", "one");
            await other.PushArtifactAsync($"s{round:d2}", "a", "one");
            Assert.Equal([.. before, $"c{round:d2}"], Strings(await Server.GetJsonAsync("/v2/r/tags/list"), "tags"));
            Assert.Equal([.. repositories, $"s{round:d2}"], Strings(await Server.GetJsonAsync("/v2/_catalog"), "repositories"));
        }

        Assert.Equal(HttpStatusCode.Accepted, await other.StatusAsync(HttpMethod.Delete, "/v2/r/manifests/a"));
        Assert.Equal("b", Strings(await Server.GetJsonAsync("/v2/r/tags/list?n=1"), "tags").Single());
    }

    [Fact]
    public async Task Tags_UnknownRepository_IsUnknown()
    {
        using HttpResponseMessage response = await Server.GetAsync("/v2/unknown/tags/list");
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    [Fact]
    public async Task Catalog_Repositories_AreInOrderAndPaged()
    {
        Assert.Empty(Strings(await Server.GetJsonAsync("/v2/_catalog"), "repositories"));
        foreach (string repository in (string[])["team/b", "team", "a"])
        {
            await PushTagsAsync(repository, "1");
        }

        Assert.Equal(["a", "team", "team/b"], Strings(await Server.GetJsonAsync("/v2/_catalog"), "repositories"));
        using HttpResponseMessage page = await Server.GetAsync("/v2/_catalog?n=2");
        Assert.Equal("</v2/_catalog?n=2&last=team>; rel=\"next\"", ServerFixture.Header(page, "Link"));
        Assert.Equal(["team/b"], Strings(await Server.GetJsonAsync("/v2/_catalog?n=2&last=team"), "repositories"));
    }

    [Fact]
    public async Task Referrers_UnknownRepository_IsAnEmptyIndex()
    {
        using HttpResponseMessage response = await Server.GetAsync($"/v2/unknown/referrers/{Digest.Compute("x"u8)}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(MediaTypes.ImageIndex, ServerFixture.Header(response, "Content-Type"));
        JsonObject index = (JsonObject)JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation))!;
        Assert.Equal((2, MediaTypes.ImageIndex), ((int)index["schemaVersion"]!, (string?)index["mediaType"]));
        Assert.Empty((JsonArray)index["manifests"]!);
    }

    [Fact]
    public async Task Referrers_OfASubject_TellTypeAndAnnotations()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        ImageManifest sbom = await Server.PushArtifactAsync("a", "sbom", "sbom", subject.Descriptor, "application/sbom");
        ImageManifest plain = await Server.PushArtifactAsync("a", "plain", "plain", subject.Descriptor);
        ImageIndex index = ImageIndex.Create().Edit(tree => tree["subject"] = subject.Descriptor.ToJson());
        await Server.PushManifestAsync("a", index.Digest.ToString(), index);

        ImageIndex all = ImageIndex.Parse(await Server.GetBytesAsync($"/v2/a/referrers/{subject.Digest}"));
        Assert.Equal(3, all.Manifests.Length);
        Descriptor first = Assert.Single(all.Manifests, manifest => manifest.Digest == sbom.Digest);
        Assert.Equal(("application/sbom", "sbom", sbom.Descriptor), (first.ArtifactType, first.Annotations["name"], first));
        Assert.Equal(MediaTypes.EmptyJson, Assert.Single(all.Manifests, manifest => manifest.Digest == plain.Digest).ArtifactType);
        Assert.Null(Assert.Single(all.Manifests, manifest => manifest.Digest == index.Digest).ArtifactType);

        using HttpResponseMessage filtered = await Server.GetAsync($"/v2/a/referrers/{subject.Digest}?artifactType=application%2Fsbom");
        Assert.Equal("artifactType", ServerFixture.Header(filtered, "OCI-Filters-Applied"));
        Assert.Equal([sbom.Descriptor], ImageIndex.Parse(await filtered.Content.ReadAsByteArrayAsync(Cancellation)).Manifests.AsEnumerable());
    }

    [Fact]
    public async Task Referrers_WithoutFilter_DoNotSayThatOneWasApplied()
    {
        using HttpResponseMessage response = await Server.GetAsync($"/v2/a/referrers/{Digest.Compute("x"u8)}");
        Assert.Equal("none", ServerFixture.Header(response, "OCI-Filters-Applied"));
    }

    [Fact]
    public async Task Referrers_DeletedReferrer_IsGone()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        ImageManifest signature = await Server.PushArtifactAsync("a", "signature", "signature", subject.Descriptor);
        await Server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{signature.Digest}");
        Assert.Empty(ImageIndex.Parse(await Server.GetBytesAsync($"/v2/a/referrers/{subject.Digest}")).Manifests);
    }

    [Fact]
    public async Task Referrers_MalformedDigest_IsRefused()
    {
        using HttpResponseMessage response = await Server.GetAsync("/v2/a/referrers/sha256:x");
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task Tags_PartOfARepositoryName_IsUnknown()
    {
        await PushTagsAsync("team/api", "1");
        using HttpResponseMessage response = await Server.GetAsync("/v2/team/tags/list");
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    [Fact] // Source: OCI distribution-spec 1.1, "Listing Referrers": an artifactType that is empty or missing is the config's media type.
    public async Task Referrers_EmptyArtifactType_IsTheConfigsType()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        await Server.PushArtifactAsync("a", "plain", "plain", subject.Descriptor, artifactType: "");
        Descriptor referrer = Assert.Single(ImageIndex.Parse(await Server.GetBytesAsync($"/v2/a/referrers/{subject.Digest}")).Manifests);
        Assert.Equal(MediaTypes.EmptyJson, referrer.ArtifactType);
    }

    [Fact] // Source: OCI distribution-spec 1.1, "Listing Referrers": a list that is too large comes in pages.
    public async Task Referrers_MoreThanOneDocumentHolds_AreStillListed()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        for (int i = 0; i < 8; i++)
        {
            await Server.PushArtifactAsync("a", $"r{i}", i + new string('x', 600_000), subject.Descriptor);
        }

        List<Descriptor> found = [];
        int pages = 0;
        for (string path = $"/v2/a/referrers/{subject.Digest}?artifactType={Uri.EscapeDataString(MediaTypes.EmptyJson)}"; path.Length > 0; pages++)
        {
            using HttpResponseMessage response = await Server.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, "artifactType"), (response.StatusCode, ServerFixture.Header(response, "OCI-Filters-Applied")));
            found.AddRange(ImageIndex.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation)).Manifests);
            string link = ServerFixture.Header(response, "Link");
            path = link == "none" ? "" : link[1..link.IndexOf('>', StringComparison.Ordinal)];
        }

        Assert.Equal((8, 2), (found.Distinct().Count(), pages));
        Assert.Equal(8, found.Count);
    }

    [Fact] // A face takes 4 bytes in a manifest and 12 in JSON that is written here.
    public async Task Referrer_ThatNoListCouldHold_IsRefusedAndTheOthersAreListed()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        ImageManifest small = await Server.PushArtifactAsync("a", "small", "small", subject.Descriptor);
        string text = ServerFixture.Artifact("FACES", subject.Descriptor).ToString().Replace("FACES", string.Concat(Enumerable.Repeat("\U0001F600", 900_000)), StringComparison.Ordinal);
        using HttpResponseMessage refused = await Server.SendAsync(HttpMethod.Put, "/v2/a/manifests/large", new StringContent(text) { Headers = { ContentType = new(MediaTypes.ImageManifest) } });
        await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
        Assert.Equal(small.Digest, Assert.Single(ImageIndex.Parse(await Server.GetBytesAsync($"/v2/a/referrers/{subject.Digest}")).Manifests).Digest);
    }

    [Fact]
    public async Task Referrer_ThatCouldNotBeListed_IsNotThereEither()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        string referrers = Path.Combine(Server.DataPath, "repositories", "a", "_referrers");
        await File.WriteAllTextAsync(referrers, "in the way", Cancellation);
        ImageManifest signature = ServerFixture.Artifact("signature", subject.Descriptor);
        using (HttpResponseMessage failed = await Server.PutManifestAsync("a", signature.Digest.ToString(), signature))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        }

        // A client that tries again asks first whether it is there, and would leave it unlisted for ever.
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/manifests/{signature.Digest}"));
        File.Delete(referrers);
        await Server.PushManifestAsync("a", signature.Digest.ToString(), signature);
        Assert.Single(ImageIndex.Parse(await Server.GetBytesAsync($"/v2/a/referrers/{subject.Digest}")).Manifests);
    }

    [Fact] // as a killed process leaves it between the one and the other
    public async Task Referrer_WhoseManifestIsNotHeld_IsNotListed()
    {
        ImageManifest subject = await Server.PushArtifactAsync("a", "subject", "subject");
        ImageManifest signature = await Server.PushArtifactAsync("a", "signature", "signature", subject.Descriptor);
        File.Delete(Path.Combine(Server.DataPath, "repositories", "a", "_manifests", "sha256", signature.Digest.Hex));
        Assert.Empty(ImageIndex.Parse(await Server.GetBytesAsync($"/v2/a/referrers/{subject.Digest}")).Manifests);
    }

    private async Task PushTagsAsync(string repository, params string[] tags)
    {
        foreach (string tag in tags)
        {
            await Server.PushArtifactAsync(repository, tag, "one");
        }
    }

    private static IEnumerable<string> Strings(JsonObject json, string name) => ((JsonArray)json[name]!).Select(item => (string)item!);
}
