using System.Net;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server.Tests.Authorization;

public sealed class BasicAuthorizerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly RecordingLogger _logger = new();
    private readonly ILoggerFactory _loggers;
    private HtpasswdFile _users = null!;
    private ServerFixture _server = null!;

    public BasicAuthorizerTests() => _loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Provider(_logger)));

    [Fact]
    public async Task Request_Password_LetsInWhoHasIt()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v2/", TestUsers.Basic(TestUsers.Alice, TestUsers.AlicePassword)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v2/_catalog", TestUsers.Basic(TestUsers.Alice, TestUsers.AlicePassword)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/v2/_catalog", TestUsers.Basic(TestUsers.Bob, TestUsers.BobPassword)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/v2/private/tags/list", TestUsers.Basic(TestUsers.Bob, TestUsers.BobPassword)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/v2/public/tags/list", TestUsers.Basic(TestUsers.Bob, TestUsers.BobPassword)));
    }

    public static TheoryData<string> WrongCredentials =>
    [
        TestUsers.Basic(TestUsers.Alice, TestUsers.BobPassword).Item2,
        TestUsers.Basic(TestUsers.Alice, "").Item2,
        TestUsers.Basic("nobody", TestUsers.AlicePassword).Item2,
        TestUsers.Basic("", TestUsers.AlicePassword).Item2,
        TestUsers.Basic("ALICE", TestUsers.AlicePassword).Item2,
        "Basic", "Basic ", "Basic !!!", "Basic YWxpY2U=", "Basic /////w==", "Bearer abc", "Negotiate abc", "alice:U*U",
    ];

    [Theory]
    [MemberData(nameof(WrongCredentials))]
    public async Task Request_WrongCredentials_AreChallenged(string authorization)
    {
        // Also where nobody needs credentials: they were sent to be believed.
        foreach (string path in (string[])["/v2/", "/v2/public/tags/list", "/v2/private/tags/list"])
        {
            using HttpResponseMessage response = await _server.GetAsync(path, ("Authorization", authorization));
            await ServerFixture.AssertErrorAsync(response, HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.Equal("Basic realm=\"the \\\"team\\\"\", charset=\"UTF-8\"", ServerFixture.Header(response, "WWW-Authenticate"));
        }
    }

    [Theory]
    [InlineData("Bücherei")]
    [InlineData("a\r\nX-Other: b")]
    public void Realm_ThatNoHeaderCanHold_IsRefused(string realm) => Assert.Throws<ArgumentException>(() => new BasicAuthorizer(_users, realm: realm));

    // What skopeo 1.9 sends when it was challenged and has nothing: an empty name and an empty password.
    [Fact]
    public async Task Request_EmptyNameAndPassword_IsNobody()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/v2/public/tags/list", ("Authorization", "Basic Og==")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v2/private/tags/list", ("Authorization", "Basic Og==")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v2/", ("Authorization", "Basic Og==")));
    }

    [Fact]
    public async Task Request_NoCredentials_GetsWhatEverybodyMay()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v2/"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/v2/public/tags/list"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v2/private/tags/list"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v2/_catalog"));
    }

    [Fact]
    public async Task Request_UserOfAPublicRepository_MayNotPush()
    {
        (string, string) bob = TestUsers.Basic(TestUsers.Bob, TestUsers.BobPassword);
        using HttpResponseMessage refused = await _server.SendAsync(HttpMethod.Post, "/v2/public/blobs/uploads/", ServerFixture.Body(""), bob);
        await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.Forbidden, "DENIED");
        using HttpResponseMessage anonymous = await _server.SendAsync(HttpMethod.Post, "/v2/public/blobs/uploads/", ServerFixture.Body(""));
        await ServerFixture.AssertErrorAsync(anonymous, HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task AuthorizeAsync_Allowed_NamesTheUser()
    {
        BasicAuthorizer authorizer = new(_users, (_, _, _) => ValueTask.FromResult(RegistryActions.All));
        DefaultHttpContext context = new();
        Assert.Null((await AskAsync()).UserName);
        context.Request.Headers.Authorization = TestUsers.Basic(TestUsers.Alice, TestUsers.AlicePassword).Item2;
        Assert.Equal(TestUsers.Alice, (await AskAsync()).UserName);

        async Task<RegistryAccess> AskAsync() =>
            await authorizer.AuthorizeAsync(new(context, RepositoryName.Parse("a"), RegistryActions.Pull), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Log_AtEveryLevel_HoldsNoCredentials()
    {
        (string, string) right = TestUsers.Basic(TestUsers.Alice, TestUsers.AlicePassword);
        (string, string) wrong = TestUsers.Basic("guessed-name", "guessed-password");
        await StatusAsync("/v2/", right);
        await StatusAsync("/v2/private/tags/list", wrong);
        string log = string.Join('\n', _logger.Entries);
        Assert.Contains("/v2/private/tags/list", log, StringComparison.Ordinal);
        foreach (string secret in (string[])[TestUsers.AlicePassword, right.Item2, right.Item2[6..], "guessed-name", "guessed-password", wrong.Item2[6..]])
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RegistryClient_WithThePassword_Pushes()
    {
        RegistryClientOptions options = new() { Credentials = new FixedCredentials().Add(_server.Address, Credential.FromPassword(TestUsers.Alice, TestUsers.AlicePassword)) };
        using RegistryClient client = new(options);
        RemoteRepository repository = client.GetRepository(_server.Address, RepositoryName.Parse("private"));
        await repository.WriteAsync(Descriptor.ForContent(MediaTypes.OctetStream, "blob"u8), new MemoryStream("blob"u8.ToArray()), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/v2/private/blobs/{Digest.Compute("blob"u8)}", TestUsers.Basic(TestUsers.Alice, TestUsers.AlicePassword)));
    }

    public async ValueTask InitializeAsync()
    {
        _users = new(TestUsers.Write(_directory));
        BasicAuthorizer authorizer = new(_users, (user, repository, _) => ValueTask.FromResult(
            user == TestUsers.Alice ? RegistryActions.All : repository?.Value == "public" ? RegistryActions.Pull : RegistryActions.None), "the \"team\"");
        _server = await ServerFixture.StartAsync(options => options with { Authorizer = authorizer }, _loggers);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _loggers.Dispose();
        _users.Dispose();
        _directory.Dispose();
    }

    private async Task<HttpStatusCode> StatusAsync(string path, params (string, string)[] headers)
    {
        using HttpResponseMessage response = await _server.GetAsync(path, headers);
        return response.StatusCode;
    }

    private sealed class Provider(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
