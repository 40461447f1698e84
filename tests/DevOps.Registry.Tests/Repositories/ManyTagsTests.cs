using System.Net;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Testing;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

public sealed class ManyTagsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TagAsync_RegistryThatCan_TakesOneRequest()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        Descriptor manifest = (await Sample.WriteImageAsync(repository, "image", Cancellation)).Descriptor;
        InjectedFault puts = host.Faults.Add(Fault.Watch().On(RegistryRequestKind.Manifest).On(HttpMethod.Put));
        await repository.TagAsync(manifest, ["1.2.3", "1.2", "1", "1"], Cancellation);
        Assert.Single(host.Faults.Hits, hit => hit.Fault == puts);
        foreach (string tag in (string[])["1.2.3", "1.2", "1"])
        {
            Assert.Equal(manifest.Digest, (await repository.ResolveAsync(tag, Cancellation))?.Digest);
        }
    }

    [Theory] // Source: OCI distribution-spec, "Pushing Manifests": OCI-Tag repeats, or is a list.
    [InlineData("a, b", new[] { "c" })]
    [InlineData("a", new[] { "b", "c" })]
    [InlineData("c,b,a", new string[0])]
    [InlineData(null, new[] { "a", "b", "c" })]
    public async Task TagAsync_TagsThatTheAnswerDoesNotName_AreSetOneByOne(string? taken, string[] expected)
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Get ? RegistryFixture.Found()
            : ScriptedHandler.Answer(HttpStatusCode.Created, headers: taken is null || request.Address.Query.Length == 0 ? [] : [("OCI-Tag", taken)]));
        await fixture.Repository.TagAsync(RegistryFixture.Manifest, ["a", "b", "c"], Cancellation);
        Assert.Equal(
            [$"/v2/team/api/manifests/{RegistryFixture.Manifest.Digest}?tag=a&tag=b&tag=c", .. expected.Select(tag => $"/v2/team/api/manifests/{tag}")],
            fixture.Requests.Where(request => request.Method == HttpMethod.Put).Select(request => request.Address.PathAndQuery));
    }

    [Fact]
    public async Task TagAsync_RegistryThatCannot_IsNotAskedAgain()
    {
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Get ? RegistryFixture.Found() : ScriptedHandler.Answer(request.Address.Query.Length > 0 ? HttpStatusCode.BadRequest : HttpStatusCode.Created));
        await fixture.Repository.TagAsync(RegistryFixture.Manifest, ["a", "b"], Cancellation);
        await fixture.Repository.TagAsync(RegistryFixture.Manifest, ["c", "d"], Cancellation);
        Assert.Single(fixture.Requests, request => request.Address.Query.Length > 0);
    }

    [Fact]
    public async Task TagAsync_OneTagIsMalformed_SendsNothing()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found());
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Repository.TagAsync(RegistryFixture.Manifest, ["a", "b&tag=c"], Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Accepted, PushVerdict.Allowed)]
    [InlineData(HttpStatusCode.Unauthorized, PushVerdict.Refused)]
    [InlineData(HttpStatusCode.Forbidden, PushVerdict.Refused)]
    [InlineData(HttpStatusCode.NotFound, PushVerdict.NoRepository)]
    public async Task CheckPushAsync_Answer_IsTheVerdict(HttpStatusCode status, PushVerdict expected)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status, headers: [("Location", "/u/1?_state=secret-token"), ("WWW-Authenticate", "Negotiate")]));
        PushCheck check = await fixture.Repository.CheckPushAsync(Cancellation);
        Assert.Equal((expected, status), (check.Verdict, check.StatusCode));
        Assert.DoesNotContain("secret-token", check.ToString(), StringComparison.Ordinal);
        Assert.All(fixture.Requests, request => Assert.Empty(request.Body));
        Assert.Equal(expected == PushVerdict.Allowed ? "DELETE" : "POST", fixture.Requests[^1].Method.Method);
    }

    [Fact]
    public async Task CheckPushAsync_FaultOfTheRegistry_Throws()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.InternalServerError));
        Assert.True((await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.CheckPushAsync(Cancellation))).IsTransient);
    }

    [Fact]
    public async Task ListRepositoriesAsync_SeveralPages_GivesAllNames()
    {
        using RegistryFixture fixture = new(request => request.Address.Query.Length > 0
            ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"repositories":["team/web"]}""")
            : ScriptedHandler.Answer(HttpStatusCode.OK, """{"repositories":["team/api","../NOT A NAME"]}""", headers: [("Link", "</v2/_catalog?last=team%2Fapi>; rel=\"next\"")]));
        List<string> names = [];
        await foreach (RepositoryName name in fixture.Client.ListRepositoriesAsync(fixture.Address, Cancellation))
        {
            names.Add(name.Value);
        }

        Assert.Equal(["team/api", "team/web"], names);
        Assert.Equal("/v2/_catalog", fixture.Requests[0].Address.PathAndQuery);
    }
}
