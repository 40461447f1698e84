using System.Net;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Registry.Tests.Hostile;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

public sealed class BlobUploadsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string DigestQuery => "digest=" + Uri.EscapeDataString(RegistryFixture.Blob.Digest.ToString());

    [Theory] // Source: RFC 9110, section 10.2.2: a location is relative to the request.
    [InlineData("/v2/team/api/blobs/uploads/1", "https://registry.example/v2/team/api/blobs/uploads/1?")]
    [InlineData("/upload?_state=a%2Bb%3D&x=", "https://registry.example/upload?_state=a%2Bb%3D&x=&")]
    [InlineData("1", "https://registry.example/v2/team/api/blobs/uploads/1?")]
    [InlineData("https://registry.example/upload/1", "https://registry.example/upload/1?")]
    [InlineData("//registry.example/upload/1", "https://registry.example/upload/1?")]
    [InlineData("https://REGISTRY.example:443/upload/1", "https://registry.example/upload/1?")]
    public async Task WriteAsync_Location_KeepsItsQuery(string location, string expectedStart)
    {
        using RegistryFixture fixture = Uploading(location);
        await fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation);
        SentRequest put = fixture.Requests[^1];
        Assert.Equal(HttpMethod.Put, put.Method);
        Assert.Equal(expectedStart + DigestQuery, put.Address.AbsoluteUri.Replace("sha256:", "sha256%3A", StringComparison.Ordinal));
        Assert.Equal((RegistryFixture.BlobBytes.Length, "application/octet-stream"), (put.Body.Length, put.ContentType));
        Assert.Equal(RegistryFixture.BlobBytes.Length, put.Message.Content!.Headers.ContentLength);
        Assert.Equal("Basic dXNlcjpwYTU1LXdvcmQtb2YtYS10ZXN0", put.Authorization);
    }

    [Theory]
    [InlineData("https://storage.example/upload/1?sig=secret-token")]
    [InlineData("https://registry.example:8443/upload/1")]
    [InlineData("//storage.example/upload/1")]
    public async Task WriteAsync_LocationElsewhere_GetsNoCredentials(string location)
    {
        using RegistryFixture fixture = Uploading(location);
        await fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation);
        Assert.Equal(RegistryFixture.BlobBytes, fixture.Requests[^1].Body);
        Assert.Null(fixture.Requests[^1].Authorization);
    }

    [Fact]
    public async Task WriteAsync_LocationElsewhereAsksForCredentials_GetsNone()
    {
        using RegistryFixture fixture = Uploading("https://storage.example/upload/1?sig=secret-token", _ => RegistryFixture.Challenge("""Basic realm="x" """));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation));
        Assert.All(fixture.Requests.Where(request => request.Address.Host == "storage.example"), request => Assert.Null(request.Authorization));
        fixture.AssertNoSecrets(error);
    }

    [Theory]
    [InlineData("http://registry.example/upload/1?sig=secret-token")]
    [InlineData("http://storage.example/upload/1")]
    [InlineData("file:///tmp/upload")]
    public async Task WriteAsync_LocationAwayFromTls_SendsNothingThere(string location)
    {
        using RegistryFixture fixture = Uploading(location);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation));
        Assert.All(fixture.Requests, request => Assert.Equal("https", request.Address.Scheme));
        fixture.AssertNoSecrets(error);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "/upload")]
    [InlineData(HttpStatusCode.NotFound, null)]
    [InlineData(HttpStatusCode.Accepted, null)]
    public async Task WriteAsync_NoSession_Throws(HttpStatusCode status, string? location)
    {
        using RegistryFixture fixture = new(_ => location is null ? ScriptedHandler.Answer(status) : ScriptedHandler.Answer(status, headers: [("Location", location)]));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation));
        Assert.Equal(status, error.StatusCode);
        Assert.Single(fixture.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Created)]
    [InlineData(HttpStatusCode.NoContent)]
    public async Task WriteAsync_EitherSuccess_IsTaken(HttpStatusCode status)
    {
        using RegistryFixture fixture = Uploading("/upload", _ => ScriptedHandler.Answer(status));
        await fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Accepted)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    public async Task WriteAsync_AnotherAnswerToTheBlob_Throws(HttpStatusCode status)
    {
        using RegistryFixture fixture = Uploading("/upload", _ => ScriptedHandler.Answer(status, headers: [("Location", "https://evil.example/")]));
        await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation));
        Assert.DoesNotContain(fixture.Requests, request => request.Address.Host == "evil.example");
    }

    [Fact]
    public async Task TryMountAsync_SameRegistry_AsksForBothRightsAtOnce()
    {
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}""")
            : request.Authorization is null ? RegistryFixture.Challenge("""Bearer realm="https://auth.example/token" """)
            : ScriptedHandler.Answer(HttpStatusCode.Created));
        using RegistryClient other = new(new() { Handler = fixture.Handler });
        RemoteRepository from = other.GetRepository("registry.example/base/image");
        Assert.True(await fixture.Repository.TryMountAsync(RegistryFixture.Blob, from, Cancellation));
        Assert.Equal($"/v2/team/api/blobs/uploads/?mount={RegistryFixture.Blob.Digest}&from=base%2Fimage", fixture.Requests[0].Address.PathAndQuery);
        Assert.Equal("?scope=repository%3Ateam%2Fapi%3Apull%2Cpush&scope=repository%3Abase%2Fimage%3Apull", fixture.Requests[1].Address.Query);
    }

    [Fact]
    public async Task TryMountAsync_OtherRegistry_SendsNothing()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found());
        using RegistryClient other = new(new() { Handler = fixture.Handler });
        Assert.False(await fixture.Repository.TryMountAsync(RegistryFixture.Blob, other.GetRepository("other.example/team/base"), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact] // The caller's stream is the caller's again once the write has ended.
    public async Task WriteAsync_ConnectionEndsWhileContentIsRead_WaitsForThatRead()
    {
        await using RawServer server = new(request => (request.Split(' ')[0] switch
        {
            "POST" => "HTTP/1.1 202 Accepted\nLocation: /v2/team/api/blobs/uploads/1\nContent-Length: 0\n",

            // It lets the content come, and is gone.
            "PUT" => "HTTP/1.1 100 Continue\n",
            _ => "HTTP/1.1 404 Not Found\nContent-Length: 0\n",
        }, Stream.Null));
        using RegistryClient client = new(new() { MaxRetryDelay = TimeSpan.FromMilliseconds(1) });
        RemoteRepository repository = client.GetRepository(server.Address, RepositoryName.Parse("team/api"));
        await using WaitingStream content = new();
        await Assert.ThrowsAsync<RegistryException>(() => repository.WriteAsync(new(MediaTypes.LayerGzip, Digest.Compute("x"u8), 2 << 20), content, Cancellation));
        Assert.Equal((1, 0), (content.BegunReads, content.BegunReads - content.EndedReads));
    }

    private static RegistryFixture Uploading(string location, Func<SentRequest, HttpResponseMessage>? put = null) => new(
        request => request.Method == HttpMethod.Put ? put?.Invoke(request) ?? ScriptedHandler.Answer(HttpStatusCode.Created)
            : request.Authorization is null ? RegistryFixture.Challenge("""Basic realm="x" """)
            : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", location)]),
        RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password)));
}
