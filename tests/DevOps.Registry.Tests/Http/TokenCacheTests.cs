using System.Net;
using System.Web;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Http;

public sealed class TokenCacheTests
{
    private const string Realm = "https://auth.example/token";

    private static readonly Challenge Bearer = Challenge.Parse($"""Bearer realm="{Realm}" """)[0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_Many_AskOnce()
    {
        TokenCache cache = new(TimeProvider.System);
        TaskCompletionSource<BearerToken> answer = new();
        int asked = 0;
        ValueTask<BearerToken>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => cache.GetAsync(Key("repository:a:pull"), () => { asked++; return answer.Task; }, Cancellation))];
        answer.SetResult(new("secret-token-1", DateTimeOffset.MaxValue.AddYears(-1)));
        foreach (ValueTask<BearerToken> token in waiting)
        {
            Assert.Equal("secret-token-1", (await token).Value);
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task GetAsync_WhoAsksFails_TheNextAsks()
    {
        TokenCache cache = new(TimeProvider.System);
        TaskCompletionSource<BearerToken> answer = new();
        Task<BearerToken> first = cache.GetAsync(Key("aws"), () => answer.Task, Cancellation).AsTask();
        Task<BearerToken> second = cache.GetAsync(Key("aws"), () => Task.FromResult(new BearerToken("secret-token-2", DateTimeOffset.MaxValue.AddYears(-1))), Cancellation).AsTask();
        answer.SetException(new InvalidOperationException("down"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        Assert.Equal("secret-token-2", (await second).Value);
    }

    [Fact]
    public async Task GetAsync_MoreTokensThanAreKept_StillWorks()
    {
        TokenCache cache = new(TimeProvider.System);
        for (int i = 0; i < 2500; i++)
        {
            string value = $"secret-token-{i}";
            Assert.Equal(value, (await cache.GetAsync(Key($"repository:r{i}:pull"), () => Task.FromResult(new BearerToken(value, DateTimeOffset.MaxValue.AddYears(-1))), Cancellation)).Value);
        }
    }

    [Fact]
    public async Task ResolveAsync_AfterAPush_UsesTheSameToken()
    {
        using RegistryFixture fixture = new(Answer());
        Assert.True(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(["repository:team/api:pull,push"], ScopesOf(fixture));
    }

    [Fact]
    public async Task ResolveAsync_WiderTokenIsRefused_AsksForThisAlone()
    {
        // A service that gives no right at all to who may not have every one.
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example"
            ? Token(HttpUtility.ParseQueryString(request.Address.Query)["scope"]!.EndsWith("push", StringComparison.Ordinal) ? "secret-token-nothing" : "secret-token-pull")
            : request.Authorization == "Bearer secret-token-pull" || (request.Authorization is not null && request.Address.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)) ? RegistryFixture.Found()
            : RegistryFixture.Challenge($"""Bearer realm="{Realm}" """));
        Assert.True(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.True(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(["repository:team/api:pull,push", "repository:team/api:pull", "repository:team/api:pull,push"], ScopesOf(fixture));
    }

    [Fact]
    public async Task ResolveAsync_AfterTheCatalog_DoesNotAskForTheCatalogAgain()
    {
        using RegistryFixture fixture = new(Answer(request => request.Address.AbsolutePath == "/v2/_catalog" ? "registry:catalog:*" : "repository:team/api:pull"));
        Assert.Empty(await fixture.Client.ListRepositoriesAsync(fixture.Address, Cancellation).ToListAsync(Cancellation));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(["registry:catalog:*", "repository:team/api:pull"], ScopesOf(fixture));
    }

    [Fact]
    public async Task ResolveAsync_RegistryThatCallsItOtherwise_AsksForBoth()
    {
        using RegistryFixture fixture = new(Answer(_ => "repository:remote/team/api:pull"));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(["repository:team/api:pull repository:remote/team/api:pull"], ScopesOf(fixture));
    }

    [Fact]
    public async Task ResolveAsync_IdentitiesOfTwoRepositories_DoNotShareTokens()
    {
        using RegistryFixture fixture = new(Answer(), options => options with { Credentials = new ByRepository() });
        await fixture.ResolveAsync();
        await fixture.Client.GetRepository($"{RegistryFixture.Host}/team/other").ResolveAsync("latest", Cancellation);
        Assert.Equal(["api", "other"], fixture.Requests.Where(request => request.Address.Host == "auth.example").Select(request => UserOf(request.Authorization!)));
    }

    [Fact]
    public async Task AnswerAsync_RefusalWithoutAChallenge_AsksWhatTheRegistryWants()
    {
        // Expected: what one large registry once did, and what skopeo does about it.
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example" ? Token("secret-token-1")
            : request.Authorization is not null ? RegistryFixture.Found()
            : request.Address.AbsolutePath == "/v2/" ? RegistryFixture.Challenge($"""Bearer realm="{Realm}" """) : ScriptedHandler.Answer(HttpStatusCode.Unauthorized));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(["/v2/team/api/manifests/latest", "/v2/", "/token", "/v2/team/api/manifests/latest"], fixture.Requests.Select(request => request.Address.AbsolutePath));
    }

    [Fact]
    public async Task GetAsync_ServiceWithoutPost_IsAskedTheOldWay()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host != "auth.example" ? Answer()(request) : request.Method == HttpMethod.Post ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : Token("secret-token-1"),
            RegistryFixture.With(Credential.FromIdentityToken(RegistryFixture.IdentityToken)));
        Assert.NotNull(await fixture.ResolveAsync());
        SentRequest asked = fixture.Requests.Last(request => request.Address.Host == "auth.example");
        Assert.Equal((HttpMethod.Get, "<token>"), (asked.Method, UserOf(asked.Authorization!)));
        fixture.AssertNoSecrets();
    }

    [Theory] // Source: the token specification: a lifetime counts from issued_at. The service's own clock says how long ago that was.
    [InlineData("2020-01-01T00:04:00Z", 300 - 240 - 10)]
    [InlineData("2020-01-01T00:08:00Z", 300 - 10)]
    [InlineData("soon", 300 - 10)]
    [InlineData("0001-01-01T00:00:00Z", 300 - 10)]
    public async Task GetAsync_TokenThatTheServiceKept_IsRenewedEarlier(string issuedAt, int expectedSeconds)
    {
        using RegistryFixture fixture = new(request =>
        {
            if (request.Address.Host != "auth.example")
            {
                return Answer()(request);
            }

            HttpResponseMessage answer = ScriptedHandler.Answer(HttpStatusCode.OK, $$"""{"token":"secret-token-1","expires_in":300,"issued_at":"{{issuedAt}}"}""");
            answer.Headers.Date = new(2020, 1, 1, 0, 8, 0, TimeSpan.Zero);
            return answer;
        });
        await fixture.ResolveAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(expectedSeconds - 1));
        await fixture.ResolveAsync();
        Assert.Single(ScopesOf(fixture));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await fixture.ResolveAsync();
        Assert.Equal(2, ScopesOf(fixture).Length);
    }

    [Fact]
    public async Task GetAsync_TimesOfNoClock_AreNotBelieved()
    {
        using RegistryFixture fixture = new(request =>
        {
            if (request.Address.Host != "auth.example")
            {
                return Answer()(request);
            }

            HttpResponseMessage answer = ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1","expires_in":300,"issued_at":"0001-01-01T00:00:00Z"}""");
            answer.Headers.Date = DateTimeOffset.MaxValue;
            return answer;
        });
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Single(ScopesOf(fixture));
    }

    [Fact]
    public async Task GetAsync_ServiceThatFailsForAMoment_IsAskedAgainWhenItWants()
    {
        int asked = 0;
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" && ++asked == 1 ? ScriptedHandler.Answer(HttpStatusCode.TooManyRequests, headers: [("Retry-After", "20")]) : Answer()(request),
            options => options with { MaxRetries = 1 });
        Task<Descriptor?> resolving = fixture.ResolveAsync().AsTask();
        TimeSpan backoff = await fixture.Clock.WaitForTimerAsync(length => length < TimeSpan.FromSeconds(10), Cancellation);
        fixture.Clock.Advance(backoff);
        TimeSpan rest = await fixture.Clock.WaitForTimerAsync(length => length > TimeSpan.FromSeconds(10) && length <= TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(1, asked);
        fixture.Clock.Advance(rest);
        Assert.NotNull(await resolving);
        Assert.Equal(2, asked);
    }

    private static TokenKey Key(string scope) => new(RegistryAddress.Parse(RegistryFixture.Host), Bearer, null, [scope]);

    private static HttpResponseMessage Token(string token) => ScriptedHandler.Answer(HttpStatusCode.OK, $$"""{"token":"{{token}}"}""");

    private static string[] ScopesOf(RegistryFixture fixture) =>
        [.. fixture.Requests.Where(request => request.Address.Host == "auth.example").Select(request => string.Join(' ', HttpUtility.ParseQueryString(request.Address.Query).GetValues("scope") ?? []))];

    private static string UserOf(string basic) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(basic["Basic ".Length..])).Split(':')[0];

    private static Func<SentRequest, HttpResponseMessage> Answer(Func<SentRequest, string>? scope = null) => request =>
        request.Address.Host == "auth.example" ? Token("secret-token-" + request.Address.Query.GetHashCode(StringComparison.Ordinal))
        : request.Authorization is not null ? request.Address.AbsolutePath == "/v2/_catalog" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"repositories":null}""") : RegistryFixture.Found()
        : RegistryFixture.Challenge($"Bearer realm=\"{Realm}\"" + (scope is null ? "" : $",scope=\"{scope(request)}\""));

    private sealed class ByRepository : ICredentialSource, IExplainedCredentialSource
    {
        public ValueTask<Credential?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default) => ValueTask.FromResult<Credential?>(null);

        public ValueTask<CredentialSearch> SearchAsync(RegistryAddress registry, RepositoryName? repository, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new CredentialSearch(Credential.FromPassword(repository!.Value.Split('/')[^1], "word"), []));
    }
}
