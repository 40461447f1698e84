using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Faults;

public sealed class RegistryFaultsTests : ServerTest
{
    [Theory]
    [InlineData("GET", "/v2/", RegistryRequestKind.Ping, null)]
    [InlineData("GET", "/v2", RegistryRequestKind.Ping, null)]
    [InlineData("GET", "/v2/_catalog", RegistryRequestKind.Catalog, null)]
    [InlineData("HEAD", "/v2/a/b/blobs/sha256:e3b0", RegistryRequestKind.Blob, "a/b")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/?digest=x", RegistryRequestKind.Upload, "a/b")]
    [InlineData("PATCH", "/v2/a/blobs/uploads/0123", RegistryRequestKind.Upload, "a")]
    [InlineData("PUT", "/v2/a/manifests/latest", RegistryRequestKind.Manifest, "a")]
    [InlineData("GET", "/v2/a/tags/list", RegistryRequestKind.Tags, "a")]
    [InlineData("GET", "/v2/a/referrers/sha256:e3b0", RegistryRequestKind.Referrers, "a")]
    [InlineData("GET", "/token?service=registry", RegistryRequestKind.Token, null)]
    [InlineData("GET", "/elsewhere", RegistryRequestKind.Other, null)]
    public async Task Hits_EachKind_IsTold(string method, string path, RegistryRequestKind kind, string? repository)
    {
        InjectedFault watched = Server.Faults.Add(Fault.Watch().On(kind));
        InjectedFault others = Server.Faults.Add(Fault.Watch().On(RegistryRequestKind.Any & ~kind));
        using HttpResponseMessage response = await Server.SendAsync(new(method), path, null, ("Authorization", "Bearer x"));
        FaultHit hit = Assert.Single(Server.Faults.Hits);
        Assert.Equal(new(watched, method, path.Split('?')[0], kind, repository is null ? null : RepositoryName.Parse(repository), true, null), hit);
        Assert.Equal(0, others.HitCount);
    }

    [Fact]
    public async Task Add_RepositoryAndMethod_LeavesOthersAlone()
    {
        await Server.PushArtifactAsync("a", "latest", "one");
        await Server.PushArtifactAsync("b", "latest", "one");
        Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway).On(RepositoryName.Parse("a")).On(HttpMethod.Get));
        Assert.Equal(HttpStatusCode.BadGateway, await Server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Head, "/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, "/v2/b/manifests/latest"));
    }

    [Fact]
    public async Task From_AndTimes_CountRequestsThatFit()
    {
        Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway).On(RegistryRequestKind.Ping).From(2).Times(2));
        await Server.StatusAsync(HttpMethod.Get, "/v2/_catalog");
        List<int> statuses = [];
        for (int i = 0; i < 5; i++)
        {
            statuses.Add((int)await Server.StatusAsync(HttpMethod.Get, "/v2/"));
        }

        Assert.Equal([200, 502, 502, 200, 200], statuses);
    }

    [Fact]
    public async Task Add_TwoFaults_HappenOneAfterTheOther()
    {
        Server.Faults.Add(Fault.Answer(HttpStatusCode.TooManyRequests).Once());
        Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway).Once());
        List<int> statuses = [];
        for (int i = 0; i < 3; i++)
        {
            statuses.Add((int)await Server.StatusAsync(HttpMethod.Get, "/v2/"));
        }

        Assert.Equal([429, 502, 200], statuses);
        Assert.Equal(["answer 429", "answer 502"], Server.Faults.Hits.Select(hit => hit.Fault.Fault.Name));
    }

    [Fact]
    public async Task Times_ManyRequestsAtOnce_AreCountedExactly()
    {
        InjectedFault fault = Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway).Times(7));
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Server.StatusAsync(HttpMethod.Get, "/v2/")));
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.BadGateway));
        Assert.Equal(7, fault.HitCount);
    }

    [Fact]
    public async Task RemoveAndClear_TakeFaultsOut()
    {
        InjectedFault fault = Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway));
        await Server.StatusAsync(HttpMethod.Get, "/v2/");
        fault.Remove();
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, "/v2/"));
        Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway));
        Server.Faults.Clear();
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, "/v2/"));
        Assert.Empty(Server.Faults.Hits);
    }

    [Fact]
    public void Faults_OfNoMeaning_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.Drop(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.Slow(0, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.Watch().Times(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.Watch().From(0));
    }

    [Fact]
    public async Task ToString_OfAHit_IsOneLine()
    {
        InjectedFault fault = Server.Faults.Add(Fault.Answer(HttpStatusCode.BadGateway).On(RegistryRequestKind.Blob).Times(2));
        (await Server.GetAsync("/v2/a/blobs/sha256:e3b0?secret=x", ("Range", "bytes=0-9"))).Dispose();
        await Server.StatusAsync(HttpMethod.Head, "/v2/a/blobs/sha256:e3b0");
        Assert.Equal(["GET /v2/a/blobs/sha256:e3b0 (bytes=0-9) met: answer 502", "HEAD /v2/a/blobs/sha256:e3b0 met: answer 502"], Server.Faults.Hits.Select(hit => hit.ToString()));
        Assert.Equal("answer 502 on any method, Blob, any repository, from request 1, 2 times; met 2 times", fault.ToString());
    }

    [Fact]
    public void ToString_SaysWhatAndWhen() =>
        Assert.Equal("drop on GET, Blob, a/b, from request 2, 3 times", Fault.Drop(1).On(HttpMethod.Get).On(RegistryRequestKind.Blob).On(RepositoryName.Parse("a/b")).From(2).Times(3).ToString());
}
