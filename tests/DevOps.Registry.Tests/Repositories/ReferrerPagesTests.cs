using System.Net;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Source: OCI distribution-spec 1.1, "Listing Referrers".</summary>
public sealed class ReferrerPagesTests
{
    private const string Sbom = "application/sbom";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_Type_IsAskedFor()
    {
        using RegistryFixture fixture = new(_ => Page([Sbom]));
        await ListAsync(fixture, "application/vnd.x+json");
        Assert.Equal($"/v2/team/api/referrers/{RegistryFixture.Blob.Digest}?artifactType=application%2Fvnd.x%2Bjson", Assert.Single(fixture.Requests).Address.PathAndQuery);
        await ListAsync(fixture, null);
        Assert.Empty(fixture.Requests[^1].Address.Query);
    }

    [Theory]
    [InlineData("artifactType", true)]
    [InlineData("other , artifactType", true)]
    [InlineData("artifactType,other", true)]
    [InlineData("ARTIFACTTYPE", false)]
    [InlineData("artifactTypes", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task ReadAsync_Filter_IsTrustedOnlyWhereItIsNamed(string? applied, bool isTrusted)
    {
        // A filter that was applied also knows types that a list does not repeat.
        using RegistryFixture fixture = new(_ => Page([Sbom, null], applied is null ? [] : [("OCI-Filters-Applied", applied)]));
        Assert.Equal(isTrusted ? [Sbom, null] : [Sbom], await ListAsync(fixture, Sbom));
    }

    [Theory] // A type with a parameter is the same type.
    [InlineData("application/vnd.oci.image.index.v1+json; charset=utf-8")]
    [InlineData("application/json")]
    public async Task ReadAsync_ContentType_DoesNotDecide(string contentType)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, List([Sbom]), contentType));
        Assert.Equal([Sbom], await ListAsync(fixture, null));
    }

    [Fact]
    public async Task ReadAsync_UnknownRepository_IsNoEmptyList()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.NotFound, """{"errors":[{"code":"NAME_UNKNOWN"}]}"""));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture, null));
        Assert.Equal(["NAME_UNKNOWN"], error.Codes);
    }

    [Fact]
    public async Task ReadAsync_UnknownNameButATag_ReadsTheTag()
    {
        string list = List([Sbom]);
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal)
            ? ScriptedHandler.Answer(HttpStatusCode.NotFound, """{"errors":[{"code":"NAME_UNKNOWN"}]}""")
            : ScriptedHandler.Answer(HttpStatusCode.OK, list, MediaTypes.ImageIndex));
        Assert.Equal([Sbom], await ListAsync(fixture, null));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task ReadAsync_Tag_IsFilteredHere(HttpStatusCode status)
    {
        string list = List([Sbom, "application/signature"]);
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal)
            ? ScriptedHandler.Answer(status)
            : ScriptedHandler.Answer(HttpStatusCode.OK, list, MediaTypes.ImageIndex));
        Assert.Equal([Sbom], await ListAsync(fixture, Sbom));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task ReadAsync_NeitherListNorTag_IsEmpty(HttpStatusCode status)
    {
        using RegistryFixture fixture = new(request => ScriptedHandler.Answer(request.Address.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal) ? status : HttpStatusCode.NotFound));
        Assert.Empty(await ListAsync(fixture, null));
    }

    [Fact]
    public async Task ReadAsync_EndlessPages_AreBoundedAndSaid()
    {
        int page = 0;
        using RegistryFixture fixture = new(request => Page([Sbom], [("Link", $"<{request.Address.AbsolutePath}?last={++page}>; rel=\"next\"")]));
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture, null));
        Assert.InRange(page, 2, 1000);
    }

    [Fact]
    public async Task ReadAsync_PageElsewhere_IsNotFollowed()
    {
        using RegistryFixture fixture = new(_ => Page([Sbom], [("Link", "<https://evil.example/next>; rel=\"next\"")]));
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture, null));
        Assert.Single(fixture.Requests);
    }

    [Fact]
    public async Task ReadAsync_OtherDocument_IsRefused()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, """{"schemaVersion":2,"manifests":[],"layers":[]}""", MediaTypes.ImageIndex));
        await Assert.ThrowsAsync<InvalidContentException>(() => ListAsync(fixture, null));
    }

    private static string List(string?[] types) =>
        ImageIndex.Create(types.Select((type, i) => Descriptor.ForContent(MediaTypes.ImageManifest, [(byte)i]) with { ArtifactType = type })).ToString();

    private static HttpResponseMessage Page(string?[] types, params (string Name, string Value)[] headers) => ScriptedHandler.Answer(HttpStatusCode.OK, List(types), MediaTypes.ImageIndex, headers);

    private static async Task<List<string?>> ListAsync(RegistryFixture fixture, string? artifactType)
    {
        List<string?> types = [];
        await foreach (Descriptor referrer in fixture.Repository.ListReferrersAsync(RegistryFixture.Blob.Digest, artifactType, Cancellation))
        {
            types.Add(referrer.ArtifactType);
        }

        return types;
    }
}
