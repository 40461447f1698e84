using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Server.Tests.Authorization;

/// <remarks>Expected values: the distribution project's token authentication specification and OAuth2 token authentication.</remarks>
public sealed class BearerAuthorizerTests : IAsyncLifetime
{
    private static readonly (string, string) Alice = TestUsers.Basic(TestUsers.Alice, TestUsers.AlicePassword);
    private static readonly (string, string) Bob = TestUsers.Basic(TestUsers.Bob, TestUsers.BobPassword);

    private readonly VirtualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private HtpasswdFile _users = null!;
    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Realm => $"Bearer realm=\"http://{_server.Address}/token\",service=\"test\"";

    [Theory]
    [InlineData("GET", "/v2/", "")]
    [InlineData("GET", "/v2/_catalog", ",scope=\"registry:catalog:*\"")]
    [InlineData("HEAD", "/v2/a/b/manifests/latest", ",scope=\"repository:a/b:pull\"")]
    [InlineData("PUT", "/v2/a/b/manifests/latest", ",scope=\"repository:a/b:pull,push\"")]
    [InlineData("DELETE", "/v2/a/b/manifests/latest", ",scope=\"repository:a/b:delete\"")]
    [InlineData("POST", "/v2/a/blobs/uploads/?mount=x&from=b/c", ",scope=\"repository:a:pull,push repository:b/c:pull\"")]
    [InlineData("POST", "/v2/a/blobs/uploads/?mount=x&from=A\"", ",scope=\"repository:a:pull,push\"")]
    public async Task Request_NoToken_IsChallengedForTheRightOne(string method, string path, string scope)
    {
        using HttpResponseMessage response = await _server.SendAsync(new(method), path.Replace("\"", "%22", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Realm + scope, ServerFixture.Header(response, "WWW-Authenticate"));
    }

    [Fact]
    public async Task Token_OfAUser_OpensWhatItNames()
    {
        JsonObject answer = await TokenAsync("/token?service=test&account=alice&scope=repository:a:pull,push&scope=repository:b:pull", Alice);
        Assert.Equal((string?)answer["token"], (string?)answer["access_token"]);
        Assert.Equal(300, (int?)answer["expires_in"]);
        Assert.Equal("2027-01-15T08:00:00Z", (string?)answer["issued_at"]);
        (string, string) bearer = Bearer(answer);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", bearer));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync("POST", "/v2/a/blobs/uploads/", bearer));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", "/v2/b/manifests/latest", bearer));

        // Not in the token, but within the user's rights: there is a token to be had.
        using HttpResponseMessage more = await _server.SendAsync(HttpMethod.Post, "/v2/b/blobs/uploads/", ServerFixture.Body(""), bearer);
        Assert.Equal(Realm + ",scope=\"repository:b:pull,push\",error=\"insufficient_scope\"", ServerFixture.Header(more, "WWW-Authenticate"));
        await ServerFixture.AssertErrorAsync(more, HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Token_LessThanAsked_IsNoError()
    {
        (string, string) bob = Bearer(await TokenAsync("/token?service=test&scope=repository:public:pull,push,delete&scope=repository:private:pull&scope=rubbish&scope=repository(plugin):x:*", Bob));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", "/v2/public/manifests/latest", bob));
        using HttpResponseMessage push = await _server.SendAsync(HttpMethod.Post, "/v2/public/blobs/uploads/", ServerFixture.Body(""), bob);
        await ServerFixture.AssertErrorAsync(push, HttpStatusCode.Forbidden, "DENIED");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("GET", "/v2/private/tags/list", bob));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("GET", "/v2/_catalog", bob));

        (string, string) nobody = Bearer(await TokenAsync("/token?service=test&scope=repository:public:pull,push&scope=repository:private:pull"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", "/v2/public/manifests/latest", nobody));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("GET", "/v2/private/manifests/latest", nobody));
    }

    [Theory]
    [InlineData("Bücherei")]
    [InlineData("a\nb")]
    public void Service_ThatNoHeaderCanHold_IsRefused(string service) => Assert.Throws<ArgumentException>(() => new RegistryTokenOptions { Service = service });

    [Fact]
    public async Task Token_Expired_IsChallengedAgain()
    {
        (string, string) bearer = Bearer(await TokenAsync("/token?service=test&scope=repository:a:pull", Alice));
        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", "/v2/a/manifests/latest", bearer));
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage response = await _server.GetAsync("/v2/a/manifests/latest", bearer);
        Assert.Equal(Realm + ",scope=\"repository:a:pull\",error=\"invalid_token\"", ServerFixture.Header(response, "WWW-Authenticate"));
    }

    [Fact]
    public async Task Token_ByOAuth2Post_IsOne()
    {
        using HttpResponseMessage response = await PostAsync("grant_type=password&service=test&client_id=me&username=alice&password=U%2AU&scope=repository%3Aa%3Apull%2Cpush+repository%3Ab%3Apull");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", ServerFixture.Header(response, "Cache-Control"));
        JsonObject answer = (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("repository:a:pull,push,overwrite repository:b:pull", (string?)answer["scope"]);
        Assert.Equal("Bearer", (string?)answer["token_type"]);
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync("POST", "/v2/a/blobs/uploads/", Bearer(answer)));
    }

    [Theory]
    [InlineData("grant_type=password&service=test&username=alice&password=wrong", 401)]
    [InlineData("grant_type=password&service=test&username=alice", 400)]
    [InlineData("grant_type=password&service=test&username=alice&username=bob&password=x", 400)]
    [InlineData("grant_type=refresh_token&service=test&refresh_token=x", 400)]
    [InlineData("grant_type=password&service=other&username=alice&password=U%2AU", 400)]
    [InlineData("", 400)]
    public async Task Post_Wrong_GivesNoToken(string form, int status)
    {
        using HttpResponseMessage response = await PostAsync(form);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.DoesNotContain("token\":", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_LongerThanOneThatIsRead_IsNotGiven()
    {
        string scope = string.Join('+', Enumerable.Range(0, 64).Select(i => $"repository:{new string('a', 250)}{i:d2}:pull,push,delete"));
        using HttpResponseMessage response = await PostAsync($"grant_type=password&service=test&username=alice&password=U%2AU&scope={scope}");
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.BadRequest, "UNSUPPORTED");
    }

    [Fact]
    public async Task OtherMethod_OfTheTokens_HasNoMeaning()
    {
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Delete, "/token");
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        Assert.Equal("GET | POST", ServerFixture.Header(response, "Allow"));
    }

    [Fact]
    public async Task Post_HugeForm_IsRefused()
    {
        using HttpResponseMessage response = await PostAsync("grant_type=password&service=test&username=alice&password=" + new string('x', 1 << 20));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Get_WrongCredentials_GivesNoToken()
    {
        foreach (string authorization in (string[])[TestUsers.Basic("alice", "wrong").Item2, TestUsers.Basic("nobody", "x").Item2, "Bearer x", "Basic !"])
        {
            using HttpResponseMessage response = await _server.GetAsync("/token?service=test&scope=repository:public:pull", ("Authorization", authorization));
            await ServerFixture.AssertErrorAsync(response, HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.StartsWith("Basic realm=\"test\"", ServerFixture.Header(response, "WWW-Authenticate"), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("GET", "/token?service=other", Alice));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync("DELETE", "/token", Alice));
        string many = string.Concat(Enumerable.Range(0, 65).Select(i => $"&scope=repository:r{i}:pull"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("GET", "/token?service=test" + many, Alice));
    }

    [Fact]
    public async Task Catalog_Token_ShowsWhatTheUserMayRead()
    {
        (string, string) alice = Bearer(await TokenAsync("/token?scope=registry:catalog:*&scope=repository:private:push&scope=repository:hidden:push", Alice));
        Digest digest = Digest.Compute("{}"u8);
        foreach (string name in (string[])["hidden", "private"])
        {
            using HttpResponseMessage blob = await _server.SendAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/?digest={digest}", ServerFixture.Body("{}"), alice);
            ImageManifest manifest = ServerFixture.Artifact("one");
            using HttpResponseMessage pushed = await _server.SendAsync(HttpMethod.Put, $"/v2/{name}/manifests/latest",
                new ByteArrayContent(manifest.RawBytes.ToArray()) { Headers = { ContentType = new(manifest.MediaType) } }, alice);
            Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        }

        using HttpResponseMessage catalog = await _server.GetAsync("/v2/_catalog", alice);
        Assert.Equal("""{"repositories":["private"]}""", await catalog.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task ExpiredTokenFault_Client_GetsANewOne()
    {
        using RegistryClient client = new(new RegistryClientOptions { Credentials = new FixedCredentials().Add(_server.Address, Credential.FromPassword(TestUsers.Alice, TestUsers.AlicePassword)) });
        RemoteRepository target = client.GetRepository(_server.Address, RepositoryName.Parse("private"));
        Descriptor blob = Descriptor.ForContent(MediaTypes.OctetStream, "blob"u8);
        await target.WriteAsync(blob, new MemoryStream("blob"u8.ToArray()), Cancellation);

        // The token to read, which is another than the one to push, is at hand when the fault comes.
        Assert.Equal("blob", await ReadAsync());
        InjectedFault expired = _server.Faults.Add(Fault.ExpiredToken().On(RegistryRequestKind.Blob).Once());
        InjectedFault tokens = _server.Faults.Add(Fault.Watch().On(RegistryRequestKind.Token));
        Assert.Equal("blob", await ReadAsync());
        Assert.True(expired.IsSpent);
        Assert.Equal(1, tokens.HitCount);

        async Task<string> ReadAsync()
        {
            await using Stream stream = await target.OpenReadAsync(blob, Cancellation);
            using StreamReader reader = new(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(Cancellation);
        }
    }

    public async ValueTask InitializeAsync()
    {
        _users = new(TestUsers.Write(_directory));
        BearerAuthorizer authorizer = new(RegistryTokenKey.Generate(), _users, Rights, new() { Service = "test", TimeProvider = _clock });
        _server = await ServerFixture.StartAsync(options => options with { Authorizer = authorizer });

        static ValueTask<RegistryActions> Rights(string? userName, RepositoryName? repository, CancellationToken cancellationToken) => ValueTask.FromResult(
            userName == TestUsers.Alice ? (repository?.Value == "hidden" ? RegistryActions.Push : RegistryActions.All)
            : repository?.Value == "public" ? RegistryActions.Pull : RegistryActions.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _users.Dispose();
        _directory.Dispose();
    }

    private static (string, string) Bearer(JsonObject answer) => ("Authorization", $"Bearer {answer["token"]}");

    private async Task<JsonObject> TokenAsync(string path, params (string, string)[] headers)
    {
        using HttpResponseMessage response = await _server.GetAsync(path, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", ServerFixture.Header(response, "Cache-Control"));
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    private async Task<HttpResponseMessage> PostAsync(string form) =>
        await _server.SendAsync(HttpMethod.Post, "/token", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));

    private async Task<HttpStatusCode> StatusAsync(string method, string path, params (string, string)[] headers)
    {
        using HttpResponseMessage response = await _server.SendAsync(new(method), path, method == "POST" ? ServerFixture.Body("") : null, headers);
        return response.StatusCode;
    }
}
