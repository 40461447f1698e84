using System.Net;
using DevOps.Credentials;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Credentials;

public sealed class CredentialCheckTests
{
    private const string BasicHeader = "Basic dXNlcjpwYTU1LXdvcmQtb2YtYS10ZXN0"; // printf 'user:pa55-word-of-a-test' | base64

    private static readonly Credential User = Credential.FromPassword("user", RegistryFixture.Password);

    [Theory]
    [InlineData("basic", true, CredentialVerdict.Accepted)]
    [InlineData("basic", false, CredentialVerdict.Refused)]
    [InlineData("bearer", true, CredentialVerdict.Accepted)]
    [InlineData("bearer", false, CredentialVerdict.Refused)]
    [InlineData("open", true, CredentialVerdict.NotAsked)]
    [InlineData("unknown", true, CredentialVerdict.Refused)]
    public async Task CheckCredentialAsync_Registry_Tells(string kind, bool isRight, CredentialVerdict expected)
    {
        using RegistryFixture fixture = new(request => (kind, request.Address.Host, request.Authorization) switch
        {
            (_, "auth.example", BasicHeader) => ScriptedHandler.Answer(isRight ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, """{"token":"secret-token-1"}"""),
            ("open", _, _) or ("basic", _, BasicHeader) when isRight => ScriptedHandler.Answer(HttpStatusCode.OK),
            ("bearer", _, "Bearer secret-token-1") => ScriptedHandler.Answer(HttpStatusCode.OK),
            ("bearer", _, _) => RegistryFixture.Challenge("""Bearer realm="https://auth.example/token",service="s" """),
            ("basic", _, _) => RegistryFixture.Challenge("""Basic realm="x" """),
            _ => RegistryFixture.Challenge("Negotiate"),
        });
        CredentialCheck check = await fixture.Client.CheckCredentialAsync(fixture.Address, User, TestContext.Current.CancellationToken);
        Assert.Equal(expected, check.Verdict);
        Assert.Equal("/v2/", fixture.Requests[0].Address.AbsolutePath);
        Assert.DoesNotContain(RegistryFixture.Password, check.ToString(), StringComparison.Ordinal);
        if (kind == "bearer")
        {
            Assert.Equal("?service=s", Assert.Single(fixture.Requests, request => request.Address.Host == "auth.example").Address.Query);
        }
    }

    [Fact]
    public async Task CheckCredentialAsync_OwnCredentials_PlayNoPart()
    {
        using RegistryFixture fixture = new(
            request => request.Authorization == BasicHeader ? ScriptedHandler.Answer(HttpStatusCode.OK) : RegistryFixture.Challenge("""Basic realm="x" """), RegistryFixture.With(User));
        CredentialCheck check = await fixture.Client.CheckCredentialAsync(fixture.Address, Credential.FromPassword("user", "wrong"), TestContext.Current.CancellationToken);
        Assert.Equal((CredentialVerdict.Refused, HttpStatusCode.Unauthorized), (check.Verdict, check.StatusCode));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task CheckCredentialAsync_NoRegistry_Throws(HttpStatusCode status)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(status));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Client.CheckCredentialAsync(fixture.Address, User, TestContext.Current.CancellationToken));
        Assert.Equal(status, error.StatusCode);
    }
}
