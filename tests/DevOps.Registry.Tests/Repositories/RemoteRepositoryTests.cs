using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Repositories;

public sealed class RemoteRepositoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string ManifestText => System.Text.Encoding.UTF8.GetString(RegistryFixture.ManifestBytes);

    [Fact]
    public async Task ResolveAsync_Tag_AsksForEveryKindOfManifest()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found());
        Assert.Equal(RegistryFixture.Manifest, await fixture.ResolveAsync());
        SentRequest request = Assert.Single(fixture.Requests);
        Assert.Equal((HttpMethod.Head, "/v2/team/api/manifests/latest"), (request.Method, request.Address.PathAndQuery));
        Assert.Equal(
            [MediaTypes.ImageIndex, MediaTypes.ImageManifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest], request.Message.Headers.Accept.Select(accept => accept.MediaType));
    }

    [Fact]
    public async Task ResolveAsync_TypeWithParameters_IgnoresThem()
    {
        using RegistryFixture fixture = new(_ => Manifest($"{MediaTypes.ImageIndex}; charset=utf-8", RegistryFixture.Manifest.Digest.ToString()));
        Assert.Equal(RegistryFixture.Manifest, await fixture.ResolveAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:../../etc/passwd")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    public async Task ResolveAsync_NoUsableDigest_ReadsTheManifest(string? digest)
    {
        using RegistryFixture fixture = new(_ => Manifest(MediaTypes.ImageIndex, digest));
        Assert.Equal(RegistryFixture.Manifest, await fixture.ResolveAsync());
        Assert.Equal([HttpMethod.Head, HttpMethod.Get], fixture.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task ResolveAsync_HeadWithoutLength_ReadsTheManifest()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Head ? new(HttpStatusCode.OK) { Content = new ByteArrayContent([]) } : Manifest(MediaTypes.ImageIndex));
        Assert.Equal(RegistryFixture.Manifest, await fixture.ResolveAsync());
    }

    [Fact]
    public async Task ResolveAsync_Digest_TrustsWhatWasAskedAndNotTheHeader()
    {
        using RegistryFixture fixture = new(_ => Manifest(MediaTypes.ImageIndex, RegistryFixture.Blob.Digest.ToString()));
        Descriptor? found = await fixture.Repository.ResolveAsync(RegistryFixture.Manifest.Digest.ToString(), Cancellation);
        Assert.Equal(RegistryFixture.Manifest, found);
    }

    [Fact]
    public async Task ResolveAsync_Missing_ReturnsNull()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.NotFound));
        Assert.Null(await fixture.ResolveAsync());
    }

    [Theory]
    [InlineData("a/../../b")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("sha256:short")]
    [InlineData("latest?x=1")]
    public async Task ResolveAsync_MalformedReference_SendsNothing(string reference)
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found());
        Assert.Null(await fixture.Repository.ResolveAsync(reference, Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact]
    public async Task ResolveAsync_TwoKindsInOne_IsRefused()
    {
        // Source: the advisory of CVE-2021-41190.
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, """{"schemaVersion":2,"manifests":[],"layers":[]}""", MediaTypes.ImageIndex));
        await Assert.ThrowsAsync<InvalidContentException>(async () => await fixture.ResolveAsync());
    }

    [Theory]
    [InlineData("a bloB")]
    [InlineData("a blo")]
    [InlineData("a blob, and more")]
    public async Task OpenReadAsync_OtherBytes_FailsWhileReading(string body)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, body, MediaTypes.OctetStream, ("Docker-Content-Digest", RegistryFixture.Blob.Digest.ToString())));
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation);
        await Assert.ThrowsAnyAsync<ContentVerificationException>(() => content.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_Manifest_IsAskedForByItsType()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found());
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Manifest, Cancellation);
        SentRequest request = Assert.Single(fixture.Requests);
        Assert.Equal($"/v2/team/api/manifests/{RegistryFixture.Manifest.Digest}", request.Address.AbsolutePath);
        Assert.Equal(MediaTypes.ImageIndex, Assert.Single(request.Message.Headers.Accept).MediaType);
    }

    [Fact] // Source: OCI image-spec 1.1, descriptor.md, "Embedded Content".
    public async Task OpenReadAsync_EmbeddedContent_SendsNothing()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found());
        ReadOnlyMemory<byte> read = await ReadAsync(fixture, RegistryFixture.Blob with { Data = RegistryFixture.BlobBytes });
        Assert.Equal(RegistryFixture.BlobBytes, read.ToArray());
        Assert.Empty(fixture.Requests);
    }

    [Theory]
    [InlineData("a bloB")]
    [InlineData("a blob, and more")]
    [InlineData("")]
    public async Task OpenReadAsync_WrongEmbeddedContent_ReadsTheRegistrys(string embedded)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, "a blob"));
        ReadOnlyMemory<byte> read = await ReadAsync(fixture, RegistryFixture.Blob with { Data = System.Text.Encoding.UTF8.GetBytes(embedded) });
        Assert.Equal(RegistryFixture.BlobBytes, read.ToArray());
        Assert.Single(fixture.Requests);
    }

    [Fact]
    public async Task OpenReadAsync_SizeIsALie_ReadsNoMoreThanTheDescriptorSays()
    {
        PatternStream body = new(long.MaxValue, 1);
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new StreamContent(body) });
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation);
        await Assert.ThrowsAnyAsync<ContentVerificationException>(() => content.CopyToAsync(Stream.Null, Cancellation));
        Assert.InRange(body.Position, 1, 1 << 20);
    }

    [Fact]
    public async Task ResolveAsync_EndlessManifest_IsNotReadToItsEnd()
    {
        PatternStream body = new(long.MaxValue, 1);
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Head ? new(HttpStatusCode.OK) : new(HttpStatusCode.OK) { Content = new StreamContent(body) });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
        Assert.InRange(body.Position, 1, 8 << 20);
    }

    [Fact]
    public async Task ResolveAsync_StatedLengthAboveTheLimit_ReadsNothing()
    {
        PatternStream body = new(long.MaxValue, 1);
        using RegistryFixture fixture = new(request =>
        {
            HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = new StreamContent(body) };
            answer.Content.Headers.ContentLength = request.Method == HttpMethod.Head ? null : long.MaxValue;
            return answer;
        });
        await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(0, body.Position);
    }

    [Theory] // The digest of a signed schema 1 manifest is not that of its bytes, so none could be verified.
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws")]
    [InlineData("application/vnd.docker.distribution.manifest.v1+json")]
    public async Task ResolveAsync_Schema1_IsRefused(string mediaType)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, """{"schemaVersion":1,"name":"x","fsLayers":[]}""", mediaType, ("Docker-Content-Digest", RegistryFixture.Blob.Digest.ToString())));
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(async () => await fixture.ResolveAsync());
        Assert.Contains(mediaType, error.Message, StringComparison.Ordinal);
    }

    [Fact] // Source: OCI distribution-spec 1.1, "Pulling manifests": Content-Type and mediaType must agree.
    public async Task ResolveAsync_TypeInsideDiffers_IsRefused()
    {
        string text = ImageIndex.Create().ToString();
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Head ? new(HttpStatusCode.OK) { Content = new ByteArrayContent([]) } : ScriptedHandler.Answer(HttpStatusCode.OK, text, MediaTypes.DockerManifestList));
        await Assert.ThrowsAsync<InvalidContentException>(async () => await fixture.ResolveAsync());
    }

    [Theory] // Source: the advisory of CVE-2021-41190.
    [InlineData(MediaTypes.ImageIndex, true)]
    [InlineData(MediaTypes.ImageIndex + "; charset=utf-8", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData(MediaTypes.DockerManifestList, false)]
    [InlineData(MediaTypes.ImageManifest, false)]
    public async Task OpenReadAsync_ManifestThatCameAsAnotherKind_IsRefused(string mediaType, bool isTaken)
    {
        using RegistryFixture fixture = new(_ => Manifest(mediaType));
        Exception? error = await Record.ExceptionAsync(() => ReadAsync(fixture, RegistryFixture.Manifest));
        Assert.Equal(isTaken ? null : typeof(InvalidContentException), error?.GetType());
    }

    [Fact] // Some hosts take no HEAD.
    public async Task ResolveAsync_HeadRefused_ReadsTheManifest()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Head ? ScriptedHandler.Answer(HttpStatusCode.MethodNotAllowed) : Manifest(MediaTypes.ImageIndex));
        Assert.Equal(RegistryFixture.Manifest, await fixture.ResolveAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, true)]
    [InlineData(HttpStatusCode.PartialContent, true)]
    [InlineData(HttpStatusCode.RequestedRangeNotSatisfiable, true)]
    [InlineData(HttpStatusCode.NotFound, false)]
    public async Task ContainsAsync_HeadRefused_AsksForTheFirstByte(HttpStatusCode status, bool expected)
    {
        using RegistryFixture fixture = new(request => ScriptedHandler.Answer(request.Method == HttpMethod.Head ? HttpStatusCode.MethodNotAllowed : status));
        Assert.Equal(expected, await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.Equal("bytes=0-0", fixture.Requests[^1].Message.Headers.Range?.ToString());
    }

    [Fact]
    public async Task WriteAsync_Manifest_SendsItsExactTypeAndBytes()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        await fixture.Repository.WriteAsync(RegistryFixture.Manifest, new MemoryStream(RegistryFixture.ManifestBytes), Cancellation);
        SentRequest put = Assert.Single(fixture.Requests);
        Assert.Equal((HttpMethod.Put, MediaTypes.ImageIndex), (put.Method, put.ContentType));
        Assert.Equal(RegistryFixture.ManifestBytes, put.Body);
        Assert.Equal($"/v2/team/api/manifests/{RegistryFixture.Manifest.Digest}", put.Address.AbsolutePath);
    }

    [Fact]
    public async Task WriteAsync_ManifestAboveTheLimit_SendsNothing()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        Descriptor huge = new(MediaTypes.ImageIndex, RegistryFixture.Manifest.Digest, long.MaxValue);
        await Assert.ThrowsAsync<InvalidContentException>(() => fixture.Repository.WriteAsync(huge, Stream.Null, Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact]
    public async Task ListReferrersAsync_RegistryThatDoesNotFilter_FiltersItself()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, Referrers(), MediaTypes.ImageIndex));
        Assert.Equal(["application/sbom"], await ListAsync(fixture, "application/sbom"));
        Assert.Equal(["application/sbom", "application/signature"], await ListAsync(fixture, null));
    }

    [Fact]
    public async Task ListReferrersAsync_RegistryWithoutTheList_ReadsTheReferrersTag()
    {
        Digest subject = RegistryFixture.Blob.Digest;
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal) ? ScriptedHandler.Answer(HttpStatusCode.NotFound)
            : request.Address.AbsolutePath.EndsWith($"/manifests/sha256-{subject.Hex}", StringComparison.Ordinal) || request.Address.AbsolutePath.Contains("/manifests/sha256:", StringComparison.Ordinal)
                ? ScriptedHandler.Answer(HttpStatusCode.OK, Referrers(), MediaTypes.ImageIndex)
            : ScriptedHandler.Answer(HttpStatusCode.NotFound));
        Assert.Equal(["application/sbom", "application/signature"], await ListAsync(fixture, null));
    }

    [Fact] // Source: OCI distribution-spec 1.1, "Referrers Tag Schema": at most 64 characters of the hash.
    public async Task ListReferrersAsync_Sha512Subject_AsksForATagThatIsShortEnough()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.NotFound));
        Digest subject = Digest.Compute("x"u8, DigestAlgorithm.Sha512);
        await foreach (Descriptor _ in fixture.Repository.ListReferrersAsync(subject, cancellationToken: Cancellation))
        {
            Assert.Fail("There is no referrer.");
        }

        Assert.EndsWith($"/manifests/sha512-{subject.Hex[..64]}", fixture.Requests[^1].Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteAsync_NotAllowed_Throws()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.MethodNotAllowed, """{"errors":[{"code":"UNSUPPORTED"}]}"""));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.DeleteAsync(RegistryFixture.Blob, Cancellation));
        Assert.Equal(["UNSUPPORTED"], error.Codes);
    }

    [Fact]
    public async Task ResolveAsync_DigestButOtherBytes_IsRefused()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Head
            ? new(HttpStatusCode.OK) { Content = new ByteArrayContent([]) }
            : ScriptedHandler.Answer(HttpStatusCode.OK, """{"schemaVersion":2,"manifests":[],"annotations":{"not":"what was asked"}}""", MediaTypes.ImageIndex));
        await Assert.ThrowsAnyAsync<DevOpsException>(async () => await fixture.Repository.ResolveAsync(RegistryFixture.Manifest.Digest.ToString(), Cancellation));
    }

    [Fact] // Source: OCI distribution-spec 1.1, "Listing Referrers": a Link leads to the next page.
    public async Task ListReferrersAsync_SeveralPages_GivesAll()
    {
        using RegistryFixture fixture = new(request => request.Address.Query.Contains("last=", StringComparison.Ordinal)
            ? ScriptedHandler.Answer(HttpStatusCode.OK, ImageIndex.Create(Descriptor.ForContent(MediaTypes.ImageManifest, "3"u8) with { ArtifactType = "application/third" }).ToString(), MediaTypes.ImageIndex)
            : ScriptedHandler.Answer(HttpStatusCode.OK, Referrers(), MediaTypes.ImageIndex, ("Link", $"<{request.Address.AbsolutePath}?last=2>; rel=\"next\"")));
        Assert.Equal(["application/sbom", "application/signature", "application/third"], await ListAsync(fixture, null));
    }

    [Fact]
    public async Task ListReferrersAsync_Tag_IsResolvedFirst()
    {
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal) ? ScriptedHandler.Answer(HttpStatusCode.OK, Referrers(), MediaTypes.ImageIndex) : RegistryFixture.Found());
        Assert.Equal(2, await fixture.Repository.ListReferrersAsync("latest", cancellationToken: Cancellation).CountAsync(Cancellation));
        Assert.Equal(["/v2/team/api/manifests/latest", $"/v2/team/api/referrers/{RegistryFixture.Manifest.Digest}"], fixture.Requests.Select(request => request.Address.AbsolutePath));
        Assert.Single(await fixture.Repository.ListReferrersAsync("latest", "application/sbom", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task ListReferrersAsync_TagThatIsNotThere_IsNotFound()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.NotFound));
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(async () => await fixture.Repository.ListReferrersAsync("latest", cancellationToken: Cancellation).CountAsync(Cancellation));
        Assert.Contains("registry.example/team/api does not hold 'latest'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, PushVerdict.Refused)]
    [InlineData(HttpStatusCode.NotFound, PushVerdict.NoRepository)]
    public async Task CheckPushAsync_Refused_SpeaksOfTheCheckAndOfNoBlob(HttpStatusCode status, PushVerdict expected)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status));
        PushCheck check = await fixture.Repository.CheckPushAsync(Cancellation);
        Assert.Equal((expected, status), (check.Verdict, check.StatusCode));
        Assert.StartsWith("Could not check push at registry.example: ", check.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256:", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckPushAsync_TokenServiceThatIsNone_IsNoMissingRepository()
    {
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : RegistryFixture.Challenge("""Bearer realm="https://auth.example/token" """));
        Assert.Equal(PushVerdict.Refused, (await fixture.Repository.CheckPushAsync(Cancellation)).Verdict);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(RegistryFixture fixture, Descriptor descriptor)
    {
        await using Stream content = await fixture.Repository.OpenReadAsync(descriptor, Cancellation);
        using MemoryStream read = new();
        await content.CopyToAsync(read, Cancellation);
        return read.ToArray();
    }

    private static string Referrers() => ImageIndex.Create(
        Descriptor.ForContent(MediaTypes.ImageManifest, "1"u8) with { ArtifactType = "application/sbom" },
        Descriptor.ForContent(MediaTypes.ImageManifest, "2"u8) with { ArtifactType = "application/signature" }).ToString();

    private static HttpResponseMessage Manifest(string mediaType, string? digest = null) =>
        ScriptedHandler.Answer(HttpStatusCode.OK, ManifestText, mediaType, digest is null ? [] : [("Docker-Content-Digest", digest)]);

    private static async Task<string[]> ListAsync(RegistryFixture fixture, string? artifactType)
    {
        List<string> types = [];
        await foreach (Descriptor referrer in fixture.Repository.ListReferrersAsync(RegistryFixture.Blob.Digest, artifactType, Cancellation))
        {
            types.Add(referrer.ArtifactType ?? "none");
        }

        return [.. types];
    }
}
