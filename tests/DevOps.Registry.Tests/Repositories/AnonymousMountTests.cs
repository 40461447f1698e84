using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Testing;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Blobs that a registry takes over from wherever it has them. Source: OCI distribution-spec 1.1, "Mounting a blob from another repository": <c>from</c> may be left out.</summary>
public sealed class AnonymousMountTests
{
    private static readonly byte[] Bytes = new byte[BlobUploads.MaxSmallBytes + 1];

    private static readonly Descriptor Blob = Descriptor.ForContent(MediaTypes.LayerGzip, Bytes);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryMountAsync_RegistryThatIsNotNamed_IsNotAsked()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        Assert.False(await fixture.Repository.TryMountAsync(Blob, new MemoryStore(), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact]
    public async Task TryMountAsync_RegistryThatHasIt_NeedsNoSource()
    {
        using RegistryFixture fixture = Asking(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        Assert.True(await fixture.Repository.TryMountAsync(Blob, new MemoryStore(), Cancellation));
        SentRequest post = Assert.Single(fixture.Requests);
        Assert.Equal((HttpMethod.Post, $"/v2/team/api/blobs/uploads/?mount={Blob.Digest}", 0), (post.Method, post.Address.PathAndQuery, post.Body.Length));
    }

    [Fact]
    public async Task TryMountAsync_RegistryThatHasItNot_OpenedTheSessionThatTheUploadUses()
    {
        using RegistryFixture fixture = Asking(request => request.Method == HttpMethod.Put
            ? ScriptedHandler.Answer(HttpStatusCode.Created)
            : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1?_state=x")]));
        Assert.False(await fixture.Repository.TryMountAsync(Blob, new MemoryStore(), Cancellation));
        await fixture.Repository.WriteAsync(Blob, new MemoryStream(Bytes), Cancellation);
        Assert.Equal(["POST", "PUT"], fixture.Requests.Select(request => request.Method.Method));
        Assert.StartsWith("/u/1?_state=x&digest=", fixture.Requests[1].Address.PathAndQuery, StringComparison.Ordinal);
    }

    [Theory] // Source: go-containerregistry, which never asks: one registry fails on a mount without a source.
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.MethodNotAllowed, 1)]
    [InlineData(HttpStatusCode.Forbidden, 2)]
    [InlineData(HttpStatusCode.InternalServerError, 2)]
    public async Task TryMountAsync_Refusal_IsRememberedWhereItIsOfTheQuestion(HttpStatusCode status, int asked)
    {
        using RegistryFixture fixture = Asking(_ => ScriptedHandler.Answer(status));
        Assert.False(await fixture.Repository.TryMountAsync(Blob, new MemoryStore(), Cancellation));
        Assert.False(await fixture.Repository.TryMountAsync(Blob, new MemoryStore(), Cancellation));
        Assert.Equal(asked, fixture.Requests.Count);
    }

    [Fact]
    public async Task TryMountAsync_SmallBlob_IsSentWithTheRequestThatWouldAsk()
    {
        using RegistryFixture fixture = Asking(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        Assert.False(await fixture.Repository.TryMountAsync(RegistryFixture.Blob, new MemoryStore(), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact] // Source: OCI distribution-spec, after 1.1: an algorithm that is not SHA-256 is announced where a session may open.
    public async Task TryMountAsync_Sha512_IsAnnounced()
    {
        using RegistryFixture fixture = Asking(_ => ScriptedHandler.Answer(HttpStatusCode.Created));
        Descriptor blob = Sample.Blob(Bytes, DigestAlgorithm.Sha512);
        await fixture.Repository.TryMountAsync(blob, new MemoryStore(), Cancellation);
        Assert.Equal($"?mount={blob.Digest}&digest-algorithm=sha512", Assert.Single(fixture.Requests).Address.Query);
    }

    [Fact]
    public async Task CopyAsync_RegistryThatSearches_MovesNoLargeBlob()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        RegistryHostOptions options = new() { Directory = temporary.PathOf("registry") };
        await using RegistryHost host = await RegistryHost.StartAsync(options with { Registry = options.Registry with { WhenMountHasNoSource = AnonymousMount.Search } }, cancellationToken: Cancellation);
        using RegistryClient client = new(new() { AnonymousMountRegistries = [host.Address] });
        await client.GetRepository($"{host.Address}/base/image").WriteAsync(Blob, new MemoryStream(Bytes), Cancellation);

        MemoryStore source = new();
        await source.WriteAsync(Blob, new MemoryStream(Bytes), Cancellation);
        CopyResult copy = await source.CopyAsync(Blob, client.GetRepository($"{host.Address}/team/api"), cancellationToken: Cancellation);
        Assert.Equal([Blob], copy.Mounted);
        Assert.True(await client.GetRepository($"{host.Address}/team/api").ContainsAsync(Blob, Cancellation));
    }

    [Theory]
    [InlineData(StoreKind.EmbeddedRegistry)]
    [InlineData(StoreKind.DockerRegistry)]
    public async Task CopyAsync_RegistryThatOpensASession_GetsTheBlobThere(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        RemoteRepository there = (RemoteRepository)open.Store;
        using RegistryClient client = new(new() { AnonymousMountRegistries = [there.Registry] });
        MemoryStore source = new();
        await source.WriteAsync(Blob, new MemoryStream(Bytes), Cancellation);
        CopyResult copy = await source.CopyAsync(Blob, client.GetRepository(there.Registry, there.Name), cancellationToken: Cancellation);
        Assert.Equal([Blob], copy.Copied);
        Assert.True(await there.ContainsAsync(Blob, Cancellation));
    }

    private static RegistryFixture Asking(Func<SentRequest, HttpResponseMessage> answer) =>
        new(answer, options => options with { AnonymousMountRegistries = [RegistryAddress.Parse(RegistryFixture.Host)] });
}
