using System.Net;
using DevOps.Credentials;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryErrorsTests
{
    [Fact]
    public async Task FromAsync_ReasonPhraseAndScopesOfStrangers_AreBoundedAndWithoutControlCharacters()
    {
        string foreign = "\u001b[2J" + new string('x', 5000);
        using RegistryFixture reason = new(_ => new(HttpStatusCode.BadRequest) { ReasonPhrase = foreign });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await reason.ResolveAsync());
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 1, 1000);

        using RegistryFixture scope = new(request => request.Address.Host == "auth.example"
            ? ScriptedHandler.Answer(HttpStatusCode.Forbidden)
            : RegistryFixture.Challenge($"""Bearer realm="https://auth.example/token",scope="{foreign}" """));
        error = await Assert.ThrowsAsync<RegistryException>(async () => await scope.ResolveAsync());
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 1, 1000);
    }

    [Fact]
    public async Task FromAsync_Json_TellsCodesAndMessages()
    {
        RegistryException error = await FailAsync("""{"errors":[{"code":"DENIED","message":"no access","detail":{"a":1}},{"code":"TOOMANY","message":"and too often"}]}""");
        Assert.Equal(["DENIED", "TOOMANY"], error.Codes);
        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.False(error.IsTransient);
        Assert.Equal(("find 'latest'", "registry.example"), (error.Operation, error.Target));
        Assert.StartsWith(
            "Could not find 'latest' at registry.example: the answer was 403 Forbidden (DENIED, TOOMANY), 'no access; and too often'. No credentials for registry.example were found: log in, as by 'docker login registry.example'",
            error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "The credentials that were found for registry.example are wrong")]
    [InlineData(HttpStatusCode.Forbidden, "The credentials lack the right to do this")]
    public async Task FromAsync_RefusedWithCredentials_SpeaksOfThem(HttpStatusCode status, string remedy)
    {
        using RegistryFixture fixture = new(
            request => request.Authorization is null ? RegistryFixture.Challenge("""Basic realm="x" """) : ScriptedHandler.Answer(status), RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password)));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsCredentialMissing);
        fixture.AssertNoSecrets(error);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, true)]
    [InlineData(HttpStatusCode.Forbidden, true)]
    [InlineData(HttpStatusCode.BadRequest, false)]
    public async Task FromAsync_RefusedWithoutCredentials_SaysWhereToLogIn(HttpStatusCode status, bool expected)
    {
        foreach (FixedCredentials? source in (FixedCredentials?[])[null, new()])
        {
            using RegistryFixture fixture = new(request => status == HttpStatusCode.Unauthorized ? RegistryFixture.Challenge("""Basic realm="x" """) : ScriptedHandler.Answer(status), options => options with { Credentials = source });
            RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());

            // What no search was made for is known of a client without a source alone.
            bool isMissing = expected && (source is null || status == HttpStatusCode.Unauthorized);
            Assert.Equal((isMissing, RegistryFixture.Host), (error.IsCredentialMissing, error.Target));
            Assert.Equal(isMissing, error.Message.Contains("No credentials for registry.example were found: log in, as by 'docker login registry.example', or give some to the client.", StringComparison.Ordinal));
        }
    }

    [Theory] // The registry is one, and says why: that its address may be wrong would lead astray.
    [InlineData("DELETE", HttpStatusCode.MethodNotAllowed, "UNSUPPORTED", "The registry does not delete this, or takes no changes at all")]
    [InlineData("PUT", HttpStatusCode.MethodNotAllowed, "UNSUPPORTED", "it may be read-only")]
    [InlineData("PUT", HttpStatusCode.MethodNotAllowed, "DENIED", "it may be read-only")]
    [InlineData("PUT", HttpStatusCode.BadRequest, "UNSUPPORTED", "it may be read-only")]
    [InlineData("PUT", HttpStatusCode.BadRequest, "MANIFEST_INVALID", "The registry says what it does not like")]
    [InlineData("GET", HttpStatusCode.MethodNotAllowed, "UNSUPPORTED", "The registry does not offer this")]
    [InlineData("GET", HttpStatusCode.MethodNotAllowed, null, "Check that this address is an OCI registry")]
    public async Task FromAsync_Unsupported_AdvisesWhatFits(string method, HttpStatusCode status, string? code, string remedy)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status, code is null ? "" : $$"""{"errors":[{"code":"{{code}}"}]}"""));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => method switch
        {
            "DELETE" => fixture.Repository.DeleteTagAsync("latest", TestContext.Current.CancellationToken),
            "PUT" => fixture.Repository.WriteAsync(RegistryFixture.Manifest, new MemoryStream(RegistryFixture.ManifestBytes), TestContext.Current.CancellationToken),
            _ => fixture.Repository.ListTagsAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask(),
        });
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.Equal(code is null, error.Message.Contains("Check that this address is an OCI registry", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("""{"errors":null}""")]
    [InlineData("""{"errors":{}}""")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"errors":[null,5,"x",[],{}]}""")]
    [InlineData("""{"errors":[{"code":5,"message":null}]}""")]
    public async Task FromAsync_JsonWithoutErrors_TellsTheStatus(string body)
    {
        RegistryException error = await FailAsync(body);
        Assert.Empty(error.Codes);
        Assert.Contains("the answer was 403 Forbidden. ", error.Message, StringComparison.Ordinal);
    }

    [Theory] // Half of a pair of UTF-16 is JSON, and no text.
    [InlineData("{\"errors\":[{\"code\":\"\\ud800\",\"message\":\"x\"}]}")]
    [InlineData("{\"errors\":[{\"\\ud800\":1,\"message\":\"x\"}]}")]
    [InlineData("{\"\\ud800\":1}")]
    public async Task FromAsync_TextThatIsNone_IsTheStatusAllTheSame(string body)
    {
        RegistryException error = await FailAsync(body);
        Assert.Empty(error.Codes);
        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
    }

    [Fact]
    public async Task FromAsync_Html_ShowsItsStart()
    {
        RegistryException error = await FailAsync("<html>\r\n\t<h1>Blocked by a proxy</h1>" + new string('x', 5_000), "text/html");
        Assert.Contains("<h1>Blocked by a proxy</h1>", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 1_000);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public async Task FromAsync_HugeBody_IsNotReadToItsEnd()
    {
        PatternStream body = new(long.MaxValue, 1);
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.BadRequest) { Content = new StreamContent(body) });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.InRange(error.Message.Length, 1, 1_000);
        Assert.InRange(body.Position, 0, 1 << 20);
    }

    [Theory]
    [InlineData("{\"errors\":[{\"code\":\"X\",\"message\":\"a\\u001b[2Jb\\u0000c\\r\\nd\\u009b\"}]}")]
    [InlineData("a\u001b[2J\u0007b")]
    public async Task FromAsync_ControlCharactersInTheMessage_AreNotShown(string body)
    {
        RegistryException error = await FailAsync(body);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public async Task FromAsync_NotUtf8_IsShownSomehow()
    {
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.BadRequest) { Content = new ByteArrayContent([0xFF, 0xFE, 0x00, 0xC3]) });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public async Task FromAsync_ControlCharactersInTheCode_AreNotShown()
    {
        RegistryException error = await FailAsync("{\"errors\":[{\"code\":\"DENIED\\u001b[2J\\r\\n\"}]}");
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public async Task FromAsync_HugeCode_IsCut()
    {
        RegistryException error = await FailAsync($$"""{"errors":[{"code":"{{new string('X', 50_000)}}"}]}""");
        Assert.InRange(error.Message.Length, 1, 2_000);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.RequestTimeout, true)]
    [InlineData(HttpStatusCode.BadGateway, true)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, false)]
    public async Task FromAsync_Status_TellsWhetherTryingAgainHelps(HttpStatusCode status, bool expected)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(expected, error.IsTransient);
        Assert.Equal(status, error.StatusCode);
    }

    private static async Task<RegistryException> FailAsync(string body, string mediaType = "application/json")
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.Forbidden, body, mediaType));
        return await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
    }
}
