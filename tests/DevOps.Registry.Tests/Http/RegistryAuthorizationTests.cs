using System.Net;
using DevOps.Credentials;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryAuthorizationTests
{
    private const string BasicHeader = "Basic dXNlcjpwYTU1LXdvcmQtb2YtYS10ZXN0";

    private static readonly Credential User = Credential.FromPassword("user", RegistryFixture.Password);

    [Fact]
    public async Task AnswerAsync_Basic_SendsNameAndPasswordOnceAsked()
    {
        using RegistryFixture fixture = new(request => request.Authorization == BasicHeader ? RegistryFixture.Found() : RegistryFixture.Challenge("""Basic realm="x" """), RegistryFixture.With(User));
        await fixture.ResolveAsync();
        await fixture.ResolveAsync();
        Assert.Equal([null, BasicHeader, BasicHeader], fixture.Requests.Select(request => request.Authorization));
        fixture.AssertNoSecrets();
    }

    [Fact]
    public async Task AnswerAsync_NotAsked_SendsNothing()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found(), RegistryFixture.With(User));
        await fixture.ResolveAsync();
        Assert.Null(Assert.Single(fixture.Requests).Authorization);
    }

    [Fact]
    public async Task AnswerAsync_SeveralHeaders_TakesBearer()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}""")
                : request.Authorization == "Bearer secret-token-1" ? RegistryFixture.Found()
                : RegistryFixture.Challenge("Negotiate", """Basic realm="x" """, """Bearer realm="https://auth.example/token" """),
            RegistryFixture.With(User));
        Assert.NotNull(await fixture.ResolveAsync());
    }

    [Theory]
    [InlineData("Negotiate")]
    [InlineData("Bearer service=\"no realm\"")]
    [InlineData("@")]
    public async Task AnswerAsync_NothingUsable_ReportsUnauthorized(string challenge)
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Challenge(challenge), RegistryFixture.With(User));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
        Assert.Single(fixture.Requests);
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task AnswerAsync_WrongPassword_AsksOnlyTwice()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Challenge("""Basic realm="x" """), RegistryFixture.With(User));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(2, fixture.Requests.Count);
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task AnswerAsync_TokenServiceThatRefuses_LeavesNoAnswerOpen()
    {
        MemoryStream body = new("who are you"u8.ToArray());
        using RegistryFixture fixture = new(request =>
        {
            if (request.Address.Host == "auth.example")
            {
                return ScriptedHandler.Answer(HttpStatusCode.Forbidden);
            }

            HttpResponseMessage answer = RegistryFixture.Challenge("""Bearer realm="https://auth.example/token" """);
            answer.Content = new StreamContent(body);
            return answer;
        });
        await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.False(body.CanRead, "The answer holds its connection until it is let go of.");
    }

    [Fact]
    public async Task AnswerAsync_RegistryToken_IsSentAsItIs()
    {
        using RegistryFixture fixture = new(
            request => request.Authorization == "Bearer secret-token" ? RegistryFixture.Found() : RegistryFixture.Challenge("""Bearer realm="https://auth.example/token" """),
            RegistryFixture.With(Credential.FromRegistryToken("secret-token")));
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal(2, fixture.Requests.Count);
        fixture.AssertNoSecrets();
    }

    [Theory]
    [InlineData("https://cdn.example/blob")]
    [InlineData("https://registry.example:8443/blob")]
    [InlineData("https://sub.registry.example/blob")]
    [InlineData("https://registry.example.evil.example/blob")]
    public async Task SendAsync_RedirectElsewhere_LeavesCredentialsBehind(string elsewhere)
    {
        using RegistryFixture fixture = new(Redirecting(elsewhere), RegistryFixture.With(User));
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken);
        await content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        SentRequest followed = Assert.Single(fixture.Requests, request => request.Address.AbsoluteUri == elsewhere);
        Assert.Null(followed.Authorization);
    }

    [Fact]
    public async Task SendAsync_RedirectWithinTheRegistry_KeepsCredentials()
    {
        using RegistryFixture fixture = new(Redirecting("/elsewhere/blob?x=1"), RegistryFixture.With(User));
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken);
        Assert.Equal(("https://registry.example/elsewhere/blob?x=1", BasicHeader), (fixture.Requests[^1].Address.AbsoluteUri, fixture.Requests[^1].Authorization));
    }

    [Theory]
    [InlineData("http://registry.example/blob")]
    [InlineData("http://cdn.example/blob?sig=secret-token")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://cdn.example/blob")]
    public async Task SendAsync_RedirectAwayFromTls_IsRefused(string elsewhere)
    {
        using RegistryFixture fixture = new(Redirecting(elsewhere), RegistryFixture.With(User));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken));
        Assert.All(fixture.Requests, request => Assert.Equal("https://registry.example", request.Address.GetLeftPart(UriPartial.Authority)));
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task SendAsync_EndlessRedirects_AreBounded()
    {
        int count = 0;
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Found, headers: [("Location", $"/hop/{++count}")]));
        await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken));
        Assert.InRange(count, 2, 20);
    }

    [Fact]
    public async Task AnswerAsync_ChallengeOfAnotherHost_IsNotAnswered()
    {
        // A credential goes to the registry and to the service that the registry names, not to one that its storage names.
        using RegistryFixture fixture = new(
            request => request.Address.Host switch
            {
                "evil.example" => ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}"""),
                "cdn.example" => RegistryFixture.Challenge("""Bearer realm="https://evil.example/token" """),
                _ => ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://cdn.example/blob")]),
            },
            RegistryFixture.With(User));
        await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(fixture.Requests, request => request.Address.Host == "evil.example");
    }

    [Fact]
    public async Task SendAsync_RedirectAwayAndBack_LeavesCredentialsBehind()
    {
        // Another host chose the last address: what it points to there is asked without the caller's rights.
        using RegistryFixture fixture = new(
            request => request.Address.AbsoluteUri == "https://cdn.example/blob" ? ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://registry.example/v2/other/blob")])
                : Redirecting("https://cdn.example/blob")(request),
            RegistryFixture.With(User));
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken);
        Assert.Equal(("https://registry.example/v2/other/blob", null), (fixture.Requests[^1].Address.AbsoluteUri, fixture.Requests[^1].Authorization));
    }

    private static Func<SentRequest, HttpResponseMessage> Redirecting(string elsewhere) => request =>
        request.Address.AbsolutePath.EndsWith("/blob", StringComparison.Ordinal) ? new(HttpStatusCode.OK) { Content = new ByteArrayContent(RegistryFixture.BlobBytes) }
        : request.Authorization is null ? RegistryFixture.Challenge("""Basic realm="x" """)
        : ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", elsewhere)]);
}
