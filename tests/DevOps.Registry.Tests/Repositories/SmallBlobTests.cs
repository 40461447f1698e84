using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Blobs that need one request. Source: OCI distribution-spec 1.1, "Single POST".</summary>
public sealed class SmallBlobTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_Small_TakesOneTrip()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        await WriteAsync(fixture);
        SentRequest post = Assert.Single(fixture.Requests);
        Assert.Equal((HttpMethod.Post, $"/v2/team/api/blobs/uploads/?digest={Uri.EscapeDataString(RegistryFixture.Blob.Digest.ToString())}"), (post.Method, post.Address.PathAndQuery));
        Assert.Equal((MediaTypes.OctetStream, RegistryFixture.BlobBytes.Length), (post.ContentType, post.Body.Length));
    }

    [Fact] // Source: OCI distribution-spec 1.1: a registry that does not support it answers 202 and a location.
    public async Task WriteAsync_RegistryWithoutTheOneTrip_GetsASessionAndIsNotAskedAgain()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Put ? ScriptedHandler.Answer(HttpStatusCode.Created) : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1?_state=x")]));
        await WriteAsync(fixture);
        await WriteAsync(fixture);
        Assert.Equal(["POST", "PUT", "POST", "PUT"], fixture.Requests.Select(request => request.Method.Method));
        Assert.Equal((RegistryFixture.BlobBytes.Length, 0), (fixture.Requests[0].Body.Length, fixture.Requests[2].Body.Length));
        Assert.Equal(RegistryFixture.BlobBytes, fixture.Requests[3].Body);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.UnsupportedMediaType)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task WriteAsync_RegistryThatRefusesTheOneTrip_GetsASession(HttpStatusCode status)
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Put ? ScriptedHandler.Answer(HttpStatusCode.Created)
            : request.Body.Length > 0 ? ScriptedHandler.Answer(status)
            : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]));
        await WriteAsync(fixture);
        Assert.Equal(["POST", "POST", "PUT"], fixture.Requests.Select(request => request.Method.Method));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    public async Task WriteAsync_RefusalThatASessionWouldMeetToo_IsTheAnswer(HttpStatusCode status)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => WriteAsync(fixture));
        Assert.Equal(status, error.StatusCode);
        Assert.Single(fixture.Requests);
    }

    [Fact]
    public async Task WriteAsync_Empty_IsOneTripWithoutBytes()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        await fixture.Repository.WriteAsync(Descriptor.ForContent(MediaTypes.LayerGzip, []), new MemoryStream(), Cancellation);
        Assert.Equal(0, Assert.Single(fixture.Requests).Message.Content!.Headers.ContentLength);
    }

    [Theory] // The empty blob has every way of upload: its session may come from a refused request or from a mount.
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteAsync_EmptyInASession_IsClosedWithoutBytes(bool isMounted)
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Put ? ScriptedHandler.Answer(HttpStatusCode.Created) : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]));
        Descriptor empty = Descriptor.ForContent(MediaTypes.LayerGzip, []);
        if (isMounted)
        {
            Assert.False(await fixture.Repository.TryMountAsync(empty, fixture.Client.GetRepository("registry.example/base/image"), Cancellation));
        }

        await fixture.Repository.WriteAsync(empty, new MemoryStream(), Cancellation);
        Assert.Equal(["POST", "PUT"], fixture.Requests.Select(request => request.Method.Method));
        Assert.Equal(0, fixture.Requests[1].Message.Content!.Headers.ContentLength);
        Assert.Contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", fixture.Requests[1].Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_EmptyThatCanBeOpenedAgain_IsOneTripToo()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        await fixture.Repository.WriteAsync(Descriptor.ForContent(MediaTypes.LayerGzip, []), (_, _) => Task.FromResult<Stream>(new MemoryStream()), Cancellation);
        Assert.Equal(0, Assert.Single(fixture.Requests).Message.Content!.Headers.ContentLength);
    }

    [Fact]
    public async Task WriteAsync_AnswerToTheBlobWasLost_LooksWhetherItIsThere()
    {
        using RegistryFixture fixture = new(request => request.Method.Method switch
        {
            "PUT" => ScriptedHandler.Answer(HttpStatusCode.NotFound),
            "HEAD" => ScriptedHandler.Answer(HttpStatusCode.OK),
            _ => ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]),
        });
        await WriteAsync(fixture);
        Assert.Equal("HEAD", fixture.Requests[^1].Method.Method);
    }

    [Fact]
    public async Task WriteAsync_OtherContent_SendsNothing()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        await Assert.ThrowsAsync<DigestMismatchException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream("a bloB"u8.ToArray()), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact] // A registry forgets sessions late: it is told.
    public async Task WriteAsync_LargeContentIsWrong_CancelsTheSession()
    {
        byte[] bytes = new byte[BlobUploads.MaxSmallBytes + 1];
        Descriptor blob = Descriptor.ForContent(MediaTypes.LayerGzip, bytes);
        bytes[^1] = 1;
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1?_state=x")]));
        await Assert.ThrowsAsync<DigestMismatchException>(() => fixture.Repository.WriteAsync(blob, new MemoryStream(bytes), Cancellation));
        Assert.Equal((HttpMethod.Delete, "/u/1?_state=x"), (fixture.Requests[^1].Method, fixture.Requests[^1].Address.PathAndQuery));
    }

    [Fact] // A registry forgets sessions late: it is told, of a small blob too.
    public async Task WriteAsync_SmallIsRefusedInASession_CancelsIt()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Put ? ScriptedHandler.Answer(HttpStatusCode.Forbidden) : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1?_state=x")]));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => WriteAsync(fixture));
        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Equal((HttpMethod.Delete, "/u/1?_state=x"), (fixture.Requests[^1].Method, fixture.Requests[^1].Address.PathAndQuery));
    }

    [Fact]
    public async Task TryMountAsync_NotPossible_LeavesTheSessionToTheUpload()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Put ? ScriptedHandler.Answer(HttpStatusCode.Created) : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]));
        RemoteRepository from = fixture.Client.GetRepository("registry.example/base/image");
        Assert.False(await fixture.Repository.TryMountAsync(RegistryFixture.Blob, from, Cancellation));
        await WriteAsync(fixture);
        Assert.Equal(["POST", "PUT"], fixture.Requests.Select(request => request.Method.Method));
    }

    private static Task WriteAsync(RegistryFixture fixture) => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation);
}
