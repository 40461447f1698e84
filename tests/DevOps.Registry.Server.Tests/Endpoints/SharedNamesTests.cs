using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <summary>Tags and manifests of one folder that two registries change at once, as two processes do.</summary>
public sealed class SharedNamesTests : IAsyncLifetime
{
    private const int Rounds = 40;
    private const int OtherTags = 300;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private ServerFixture _first = null!;
    private ServerFixture _second = null!;
    private ImageManifest _manifest = null!;

    [Fact]
    public async Task DeleteAndPutOfOneManifest_LeaveNoTagWithoutIt()
    {
        for (int round = 0; round < Rounds; round++)
        {
            await _first.PushManifestAsync("a", _manifest.Digest.ToString(), _manifest);
            await Task.WhenAll(_first.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{_manifest.Digest}"), PutAsync(_second, _manifest));

            bool isListed = ((JsonArray)(await _first.GetJsonAsync("/v2/a/tags/list?last=moving&n=1"))["tags"]!).Any(tag => (string?)tag == "moving-tag");
            Assert.Equal(isListed ? HttpStatusCode.OK : HttpStatusCode.NotFound, await _second.StatusAsync(HttpMethod.Get, "/v2/a/manifests/moving-tag"));
        }
    }

    [Fact]
    public async Task DeleteOfAManifestWhoseTagMoves_LeavesTheTagWhereItWent()
    {
        ImageManifest other = ServerFixture.Artifact("other");
        for (int round = 0; round < Rounds; round++)
        {
            await _first.PushManifestAsync("a", "moving-tag", _manifest);
            Task<HttpStatusCode> put = PutAsync(_second, other);
            await Task.WhenAll(_first.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{_manifest.Digest}"), put);

            Assert.Equal(HttpStatusCode.Created, await put);
            Assert.Equal(other.RawBytes.ToArray(), await _first.GetBytesAsync("/v2/a/manifests/moving-tag"));
        }
    }

    [Fact]
    public async Task TwoPutsOfANewTag_ByWhomMayNotOverwrite_OneIsDenied()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string tag = $"new-{round}";
            HttpStatusCode[] answers = await Task.WhenAll(PutAsync(_first, ServerFixture.Artifact("one"), "b", tag), PutAsync(_second, ServerFixture.Artifact("two"), "b", tag));
            Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Forbidden], answers.Order());
        }
    }

    public async ValueTask InitializeAsync()
    {
        _first = await StartAsync();
        _second = await StartAsync();
        _manifest = await _first.PushArtifactAsync("a", "kept", "kept");
        await _first.PushBlobAsync("b", "{}");
        for (int i = 0; i < OtherTags; i += 100)
        {
            (await _first.PutManifestAsync("a", $"{_manifest.Digest}?{string.Join('&', Enumerable.Range(i, 100).Select(tag => $"tag=other-{tag}"))}", _manifest)).Dispose();
        }

        // Those tags are of another manifest: to delete the one means to look at them all.
        ImageManifest kept = _manifest;
        _manifest = ServerFixture.Artifact("coming and going");
        Assert.NotEqual(kept.Digest, _manifest.Digest);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _directory.Dispose();
    }

    private Task<ServerFixture> StartAsync() => ServerFixture.StartAsync(options => options with { Directory = _directory.PathOf("shared"), Authorizer = new CreatesOnlyInB() });

    private static Task<HttpStatusCode> PutAsync(ServerFixture server, ImageManifest manifest) => PutAsync(server, manifest, "a", "moving-tag");

    private static async Task<HttpStatusCode> PutAsync(ServerFixture server, ImageManifest manifest, string repository, string tag)
    {
        using HttpResponseMessage response = await server.PutManifestAsync(repository, tag, manifest);
        return response.StatusCode;
    }

    private sealed class CreatesOnlyInB : IRegistryAuthorizer
    {
        public ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(request.Repository?.Value == "b" && request.Actions.HasFlag(RegistryActions.Overwrite) ? RegistryAccess.Denied : RegistryAccess.Allowed);
    }
}
