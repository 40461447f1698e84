using System.Net;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Registries, or what stands before them, that know no HEAD.</summary>
public sealed class HeadRefusedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task ContainsAsync_Blob_AsksForItsFirstByteInstead(HttpStatusCode refusal)
    {
        using RegistryFixture fixture = new(Without(refusal, () => new(HttpStatusCode.PartialContent) { Content = new ByteArrayContent([1]) }));
        Assert.True(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.True(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.Equal(["HEAD ", "GET bytes=0-0", "GET bytes=0-0"], fixture.Requests.Select(request => $"{request.Method} {request.Message.Headers.Range}"));
    }

    [Fact]
    public async Task ContainsAsync_EmptyBlobOrManifest_AsksForAll()
    {
        using RegistryFixture fixture = new(Without(HttpStatusCode.MethodNotAllowed, RegistryFixture.Found));
        Assert.True(await fixture.Repository.ContainsAsync(Descriptor.ForContent(MediaTypes.LayerGzip, []), Cancellation));
        Assert.True(await fixture.Repository.ContainsAsync(RegistryFixture.Manifest, Cancellation));
        Assert.All(fixture.Requests, request => Assert.Null(request.Message.Headers.Range));
        Assert.Equal(["HEAD", "GET", "GET"], fixture.Requests.Select(request => request.Method.Method));
    }

    [Fact]
    public async Task ContainsAsync_Missing_IsMissing()
    {
        using RegistryFixture fixture = new(Without(HttpStatusCode.MethodNotAllowed, () => ScriptedHandler.Answer(HttpStatusCode.NotFound)));
        Assert.False(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.Null(await fixture.ResolveAsync());
    }

    [Theory]
    [InlineData("latest")]
    [InlineData(null)]
    public async Task ResolveAsync_ReadsTheManifestInstead(string? reference)
    {
        using RegistryFixture fixture = new(Without(HttpStatusCode.NotImplemented, RegistryFixture.Found));
        for (int i = 0; i < 2; i++)
        {
            Descriptor? found = await fixture.Repository.ResolveAsync(reference ?? RegistryFixture.Manifest.Digest.ToString(), Cancellation);
            Assert.Equal((RegistryFixture.Manifest.Digest, RegistryFixture.Manifest.SizeBytes), (found?.Digest, found?.SizeBytes));
        }

        Assert.Equal(["HEAD", "GET", "GET"], fixture.Requests.Select(request => request.Method.Method));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task ContainsAsync_RefusalOfTheCaller_IsNoRefusalOfTheMethod(HttpStatusCode status)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.Equal(status, error.StatusCode);
        Assert.Single(fixture.Requests);
    }

    private static Func<SentRequest, HttpResponseMessage> Without(HttpStatusCode refusal, Func<HttpResponseMessage> get) =>
        request => request.Method == HttpMethod.Head ? ScriptedHandler.Answer(refusal) : get();
}
