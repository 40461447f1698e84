using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Authorization;

public sealed class AnonymousAuthorizerTests
{
    [Fact]
    public async Task Request_ReadOnly_ReadsAndNothingElse()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Authorizer = new AnonymousAuthorizer(RegistryActions.Pull | RegistryActions.Catalog) });
        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Get, "/v2/"));
        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Get, "/v2/_catalog"));
        Assert.Equal(HttpStatusCode.NotFound, await server.StatusAsync(HttpMethod.Get, "/v2/a/tags/list"));
        using HttpResponseMessage push = await server.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", ServerFixture.Body(""));
        await ServerFixture.AssertErrorAsync(push, HttpStatusCode.Forbidden, "DENIED");
        using HttpResponseMessage delete = await server.SendAsync(HttpMethod.Delete, "/v2/a/manifests/latest");
        await ServerFixture.AssertErrorAsync(delete, HttpStatusCode.Forbidden, "DENIED");
    }

    [Fact]
    public async Task Request_Default_MayEverythingWhateverItBrings()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Authorizer = new AnonymousAuthorizer() });
        ImageManifest first = await server.PushArtifactAsync("a", "latest", "one");
        await server.PushArtifactAsync("a", "latest", "two");
        Assert.Equal(HttpStatusCode.Accepted, await server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{first.Digest}"));
        using HttpResponseMessage ping = await server.GetAsync("/v2/", ("Authorization", "Basic !"));
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
    }
}
