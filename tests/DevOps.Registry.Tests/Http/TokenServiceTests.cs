using System.Net;
using System.Web;
using DevOps.Credentials;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Http;

/// <remarks>Source: the distribution project's "Token Authentication Specification" and "OAuth2 Token Authentication".</remarks>
public sealed class TokenServiceTests
{
    private const string Realm = "https://auth.example/token";

    private static readonly Credential User = Credential.FromPassword("user", RegistryFixture.Password);

    [Fact]
    public async Task GetAsync_NameAndPassword_AsksForWhatIsNeeded()
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}",service="registry.example",scope="repository:team/api:pull" """), RegistryFixture.With(User));
        Assert.NotNull(await fixture.ResolveAsync());

        SentRequest token = Assert.Single(fixture.Requests, request => request.Address.Host == "auth.example");
        Assert.Equal(HttpMethod.Get, token.Method);
        Assert.Equal("service=registry.example&scope=repository%3Ateam%2Fapi%3Apull", token.Address.Query[1..]);
        Assert.Equal("Basic dXNlcjpwYTU1LXdvcmQtb2YtYS10ZXN0", token.Authorization); // printf 'user:pa55-word-of-a-test' | base64
        Assert.Equal("Bearer secret-token-1", fixture.Requests[^1].Authorization);
        fixture.AssertNoSecrets();
    }

    [Fact]
    public async Task GetAsync_Anonymous_AsksWithoutCredentials()
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}" """));
        Assert.NotNull(await fixture.ResolveAsync());
        SentRequest token = Assert.Single(fixture.Requests, request => request.Address.Host == "auth.example");
        Assert.Null(token.Authorization);
        Assert.Equal("scope=repository%3Ateam%2Fapi%3Apull", token.Address.Query[1..]);
    }

    [Fact]
    public async Task GetAsync_RealmWithQuery_KeepsIt()
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}?account=a%26b&x=1",service="a b&c" """), RegistryFixture.With(User));
        await fixture.ResolveAsync();
        SentRequest token = Assert.Single(fixture.Requests, request => request.Address.Host == "auth.example");
        Assert.StartsWith("?account=a%26b&x=1&service=a%20b%26c&scope=", token.Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_OpaqueScope_IsSentAlong()
    {
        // Expected: ECR Public's challenge, whose scope is one word.
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}",scope="aws" """));
        await fixture.ResolveAsync();
        SentRequest token = Assert.Single(fixture.Requests, request => request.Address.Host == "auth.example");
        Assert.Equal(["repository:team/api:pull", "aws"], HttpUtility.ParseQueryString(token.Address.Query).GetValues("scope") ?? []);
    }

    [Fact]
    public async Task GetAsync_IdentityToken_PostsIt()
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}",service="s" """, tokenMember: "access_token"), RegistryFixture.With(Credential.FromIdentityToken(RegistryFixture.IdentityToken)));
        Assert.NotNull(await fixture.ResolveAsync());
        SentRequest token = Assert.Single(fixture.Requests, request => request.Address.Host == "auth.example");
        Assert.Equal((HttpMethod.Post, null, ""), (token.Method, token.Authorization, token.Address.Query));
        Assert.Equal("application/x-www-form-urlencoded", token.ContentType);
        System.Collections.Specialized.NameValueCollection form = HttpUtility.ParseQueryString(token.Text);
        Assert.Equal(("refresh_token", "s", "repository:team/api:pull", RegistryFixture.IdentityToken), (form["grant_type"], form["service"], form["scope"], form["refresh_token"]));
        fixture.AssertNoSecrets();
    }

    [Fact]
    public async Task GetAsync_Token_IsKeptUntilShortlyBeforeItEnds()
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}" """, expiresIn: 300));
        await fixture.ResolveAsync();
        await fixture.ResolveAsync();
        Assert.Equal(1, CountTokens(fixture));

        fixture.Clock.Advance(TimeSpan.FromSeconds(285));
        await fixture.ResolveAsync();
        Assert.Equal(1, CountTokens(fixture));

        fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        await fixture.ResolveAsync();
        Assert.Equal(2, CountTokens(fixture));
        Assert.Equal("Bearer secret-token-2", fixture.Requests[^1].Authorization);
    }

    [Theory] // Source: the token specification: 60 seconds if nothing is stated, and never less.
    [InlineData(null)]
    [InlineData(1)]
    public async Task GetAsync_NoLifetime_IsAMinute(int? expiresIn)
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}" """, expiresIn));
        await fixture.ResolveAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(45));
        await fixture.ResolveAsync();
        Assert.Equal(1, CountTokens(fixture));
        fixture.Clock.Advance(TimeSpan.FromSeconds(15));
        await fixture.ResolveAsync();
        Assert.Equal(2, CountTokens(fixture));
    }

    [Fact]
    public async Task GetAsync_TokenRefusedEarly_IsRenewedOnce()
    {
        string? accepted = "Bearer secret-token-1";
        int tokens = 0;
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example" ? Token($"secret-token-{++tokens}")
            : request.Authorization == accepted ? RegistryFixture.Found()
            : RegistryFixture.Challenge($"""Bearer realm="{Realm}" """));
        await fixture.ResolveAsync();
        accepted = "Bearer secret-token-2";
        Assert.NotNull(await fixture.ResolveAsync());

        accepted = null;
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
        Assert.Equal(3, tokens);
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task GetAsync_PushAfterPull_AsksForAnotherToken()
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{Realm}" """, found: request => request.Method == HttpMethod.Head && request.Address.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)
            ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : RegistryFixture.Found()));
        await fixture.ResolveAsync();
        Assert.False(await fixture.Repository.ContainsAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken));
        Assert.Equal(
            ["repository:team/api:pull", "repository:team/api:pull,push"],
            fixture.Requests.Where(request => request.Address.Host == "auth.example").Select(request => HttpUtility.ParseQueryString(request.Address.Query)["scope"]));
    }

    [Theory]
    [InlineData("http://auth.example/token")]
    [InlineData("http://registry.example/token")]
    [InlineData("ftp://auth.example/token")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret-token@auth.example/token")]
    [InlineData("/token")]
    [InlineData("not an address")]
    [InlineData("")]
    public async Task GetAsync_RealmThatCannotBeTrusted_SendsNothingThere(string realm)
    {
        using RegistryFixture fixture = new(Bearer($"""Bearer realm="{realm}",service="s" """), RegistryFixture.With(User));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Single(fixture.Requests);
        Assert.All(fixture.Requests, request => Assert.Null(request.Authorization));
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task GetAsync_PlainRealmOfAPlainRegistryItself_IsAsked()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Scheme == "https" ? throw new HttpRequestException(HttpRequestError.SecureConnectionError)
                : request.Address.AbsolutePath == "/token" ? Token("secret-token-1")
                : request.Authorization is null ? RegistryFixture.Challenge("""Bearer realm="http://localhost:5000/token" """) : RegistryFixture.Found(),
            RegistryFixture.With(User, "localhost:5000"), "localhost:5000");
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Contains(fixture.Requests, request => request.Address.AbsolutePath == "/token" && request.Authorization is not null);
    }

    [Fact]
    public async Task GetAsync_RealmRedirects_DoesNotFollowWithCredentials()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host switch
            {
                "registry.example" => RegistryFixture.Challenge($"""Bearer realm="{Realm}" """),
                "auth.example" => ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://evil.example/token")]),
                _ => Token("secret-token-1"),
            },
            RegistryFixture.With(User));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.DoesNotContain(fixture.Requests, request => request.Address.Host == "evil.example");
        fixture.AssertNoSecrets(error);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, """{"details":"incorrect username or password"}""")]
    [InlineData(HttpStatusCode.OK, """{"token":""}""")]
    [InlineData(HttpStatusCode.OK, """{"token":null,"access_token":5}""")]
    [InlineData(HttpStatusCode.OK, "[]")]
    [InlineData(HttpStatusCode.OK, "<html>secret-token</html>")]
    [InlineData(HttpStatusCode.OK, "secret-token")]
    [InlineData(HttpStatusCode.OK, "{\"token\":\"secret-token\\ud800\"}")]
    [InlineData(HttpStatusCode.OK, "{\"token\":\"secret-token\\nX-Header: x\"}")]
    [InlineData(HttpStatusCode.OK, "{\"token\":\"secret-token \\u00e9\"}")]
    [InlineData(HttpStatusCode.OK, "")]
    public async Task GetAsync_UnusableAnswer_SaysSoWithoutSecrets(HttpStatusCode status, string body)
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(status, body) : RegistryFixture.Challenge($"""Bearer realm="{Realm}?x=secret-token" """),
            RegistryFixture.With(User));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Contains("auth.example", error.Message, StringComparison.Ordinal);
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task GetAsync_EndlessAnswer_IsNotReadToItsEnd()
    {
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new DevOps.Testing.Streams.PatternStream(long.MaxValue, 1)) }
            : RegistryFixture.Challenge($"""Bearer realm="{Realm}" """));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "404 Not Found")]
    [InlineData(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed")]
    [InlineData(null, "auth.example")]
    public async Task GetAsync_ServiceThatIsNone_IsToldAndAskedNoMore(HttpStatusCode? status, string expected)
    {
        int asked = 0;
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example"
            ? status is { } answer ? ScriptedHandler.Answer(answer) : throw new HttpRequestException(HttpRequestError.NameResolutionError, "auth.example")
            : asked++ == 0 ? RegistryFixture.Challenge($"""Bearer realm="{Realm}" """) : RegistryFixture.Found());
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.DoesNotContain("credentials", error.Message, StringComparison.OrdinalIgnoreCase);
        if (status is not null)
        {
            Assert.Contains($"its token service at auth.example answered {expected} for 'repository:team/api:pull'. That is no answer of a token service", error.Message, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
            Assert.Null(error.CredentialSearch);
        }

        Assert.NotNull(await fixture.ResolveAsync());
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(1, CountTokens(fixture));
    }

    [Fact] // Source: distribution's way to ask: a challenge that came by mistake leads to a service that is not there.
    public async Task GetAsync_ServiceThatEndsLater_IsForgottenWithItsChallenge()
    {
        bool isOpen = false;
        int tokens = 0;
        using RegistryFixture fixture = new(request => request.Address.Host == "auth.example"
            ? ++tokens == 1 ? Token("secret-token-1") : ScriptedHandler.Answer(HttpStatusCode.NotFound)
            : isOpen || request.Authorization is not null ? RegistryFixture.Found() : RegistryFixture.Challenge($"""Bearer realm="{Realm}" """));
        await fixture.ResolveAsync();
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        isOpen = true;
        await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(2, tokens);
    }

    [Theory] // Source: RFC 9110, section 10.2.3: seconds, or a date. The clock of these tests stands at 2026-03-01, 12:00.
    [InlineData(HttpStatusCode.TooManyRequests, "7", 7)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "7", 7)]
    [InlineData(HttpStatusCode.TooManyRequests, "Sun, 01 Mar 2026 12:00:07 GMT", 7)]
    [InlineData(HttpStatusCode.TooManyRequests, "86400", 30)]
    [InlineData(HttpStatusCode.TooManyRequests, "Sun, 01 Mar 2026 13:00:00 GMT", 30)]
    public async Task GetAsync_RetryAfter_HoldsTheServiceBackForAllRepositories(HttpStatusCode status, string retryAfter, int seconds)
    {
        List<TimeSpan> asked = [];
        DateTimeOffset start = default;
        RegistryFixture? fixture = null;
        using RegistryFixture made = fixture = new(
            request =>
            {
                if (request.Address.Host != "auth.example")
                {
                    return request.Authorization is null ? RegistryFixture.Challenge($"""Bearer realm="{Realm}" """) : RegistryFixture.Found();
                }

                asked.Add(fixture!.Clock.GetUtcNow() - start);
                return asked.Count == 1 ? ScriptedHandler.Answer(status, headers: [("Retry-After", retryAfter)]) : Token("secret-token-1");
            },
            options => options with { MaxRetries = 3, NoProgressTimeout = TimeSpan.FromSeconds(5) });
        start = fixture.Clock.GetUtcNow();
        Task first = fixture.ResolveAsync().AsTask();
        Task second = fixture.Client.GetRepository("registry.example/team/other").ResolveAsync("latest", TestContext.Current.CancellationToken).AsTask();
        Task both = Task.WhenAll(first, second);
        while (!both.IsCompleted)
        {
            // Silence is longer than any wait but the one that was asked for.
            Task<TimeSpan> wait = fixture.Clock.WaitForTimerAsync(length => length != TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            if (await Task.WhenAny(both, wait) == wait)
            {
                fixture.Clock.Advance(await wait);
            }
        }

        await both;
        Assert.All(asked.Skip(1), at => Assert.InRange(at, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(2 * seconds)));
    }

    private static int CountTokens(RegistryFixture fixture) => fixture.Requests.Count(request => request.Address.Host == "auth.example");

    private static HttpResponseMessage Token(string token, string member = "token", int? expiresIn = null) =>
        ScriptedHandler.Answer(HttpStatusCode.OK, $$"""{"{{member}}":"{{token}}"{{(expiresIn is null ? "" : $",\"expires_in\":{expiresIn}")}}}""");

    /// <summary>A registry that wants a token, and the service that gives it.</summary>
    private static Func<SentRequest, HttpResponseMessage> Bearer(string challenge, int? expiresIn = null, string tokenMember = "token", Func<SentRequest, HttpResponseMessage>? found = null)
    {
        int count = 0;
        return request => request.Address.Host == "auth.example" ? Token($"secret-token-{++count}", tokenMember, expiresIn)
            : request.Authorization?.StartsWith("Bearer secret-token-", StringComparison.Ordinal) == true ? found?.Invoke(request) ?? RegistryFixture.Found()
            : RegistryFixture.Challenge(challenge);
    }
}
