using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("Another authority");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task ResolveAsync_AuthorityOfThatRegistry_IsTrusted()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer());
        Assert.Equal(RegistryFixture.Manifest.Digest, await ResolveAsync(server, Trusting(_authority)));
        Assert.All(server.Requests, request => Assert.Null(request.Client));
    }

    [Fact]
    public async Task ResolveAsync_SelfSignedCertificateGivenAsAuthority_IsTrusted()
    {
        using X509Certificate2 certificate = TestAuthority.SelfSigned();
        using X509Certificate2 known = X509CertificateLoader.LoadCertificate(certificate.RawData);
        await using TlsServer server = await TlsServer.StartAsync(certificate);
        Assert.NotNull(await ResolveAsync(server, new() { TrustedAuthorities = [known] }));
    }

    [Fact]
    public async Task ResolveAsync_AuthorityThatNobodyTrusts_IsRefused()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer());
        await AssertRefusedAsync(server, Trusting(_other), "not one of a trusted authority");
    }

    [Fact]
    public async Task ResolveAsync_AuthorityOfTheSameName_IsRefused()
    {
        using TestAuthority twin = new();
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer());
        await AssertRefusedAsync(server, Trusting(twin), "not one of a trusted authority");
    }

    [Fact]
    public async Task ResolveAsync_CertificateOfAnotherName_IsRefused()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer("registry.example"));
        await AssertRefusedAsync(server, Trusting(_authority), "for another name");
    }

    [Fact]
    public async Task ResolveAsync_CertificateThatHasEnded_IsRefused()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer(validForDays: -1));
        await AssertRefusedAsync(server, Trusting(_authority), "not valid now");
    }

    [Fact]
    public void ClientCertificates_WithoutAKey_ThrowArgumentException() =>
        Assert.Throws<ArgumentException>(() => new RegistryConnectionOptions { ClientCertificates = [_authority.ToPublic()] });

    [Fact]
    public async Task ResolveAsync_CertificateIsWanted_ShowsThatOfTheRegistry()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer(), clients: ClientCertificateMode.RequireCertificate);
        Assert.NotNull(await ResolveAsync(server, Trusting(_authority) with { ClientCertificates = [_authority.IssueClient("robot")] }));
        Assert.All(server.Requests, request => Assert.Equal("CN=robot", request.Client));
    }

    [Fact]
    public async Task ResolveAsync_CertificateIsWantedAndNoneGiven_IsAnError()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer(), clients: ClientCertificateMode.RequireCertificate);
        await Assert.ThrowsAsync<RegistryException>(() => ResolveAsync(server, Trusting(_authority)));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("CN=Another authority", "CN=b")]
    [InlineData("CN=Authority of a test", "CN=a")]
    [InlineData("CN=Nobody", "CN=a")]
    [InlineData(null, "CN=a")]
    public void Choose_Issuers_TakesWhatTheyIssued(string? issuer, string expected)
    {
        ImmutableArray<X509Certificate2> certificates = [_authority.IssueClient("a"), _other.IssueClient("b")];
        Assert.Equal(expected, RegistryTls.Choose(certificates, issuer is null ? [] : [issuer]).Subject);
    }

    [Fact]
    public async Task OpenReadAsync_RedirectToAnotherHost_TakesNeitherAuthorityNorCertificateAlong()
    {
        // The other host has the same name and another port, and a certificate of the same authority: it is trusted by nobody.
        await using TlsServer storage = await TlsServer.StartAsync(_authority.IssueServer());
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer(), RedirectTo(storage));
        using RegistryClient client = ClientOf((server.Address, Trusting(_authority) with { ClientCertificates = [_authority.IssueClient("robot")] }));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => client.GetRepository($"{server.Address}/team/api").OpenReadAsync(RegistryFixture.Manifest, Cancellation));
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
        Assert.Empty(storage.Requests);
        Assert.Equal("CN=robot", Assert.Single(server.Requests).Client);
    }

    [Fact]
    public async Task OpenReadAsync_RedirectToAHostWithOptions_UsesThose()
    {
        await using TlsServer storage = await TlsServer.StartAsync(_other.IssueServer());
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer(), RedirectTo(storage));
        using RegistryClient client = ClientOf(
            (server.Address, Trusting(_authority) with { ClientCertificates = [_authority.IssueClient("robot")] }),
            (storage.Address, Trusting(_other)));
        await using Stream content = await client.GetRepository($"{server.Address}/team/api").OpenReadAsync(RegistryFixture.Manifest, Cancellation);
        await content.CopyToAsync(Stream.Null, Cancellation);
        Assert.Null(Assert.Single(storage.Requests).Client);
    }

    [Fact]
    public async Task ResolveAsync_TokenServiceElsewhere_TakesNeitherAlong()
    {
        await using TlsServer tokens = await TlsServer.StartAsync(_authority.IssueServer());
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"""Bearer realm="https://localhost:{tokens.Port}/token",service="s" """;
            return Task.CompletedTask;
        });
        RegistryConnectionOptions connection = Trusting(_authority) with { ClientCertificates = [_authority.IssueClient("robot")] };
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ResolveAsync(server, connection));
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
        Assert.Empty(tokens.Requests);
    }

    [Fact]
    public async Task ResolveAsync_TwoRegistriesOfOneClient_EachIsShownItsOwn()
    {
        await using TlsServer one = await TlsServer.StartAsync(_authority.IssueServer());
        await using TlsServer two = await TlsServer.StartAsync(_other.IssueServer());
        using RegistryClient client = ClientOf(
            (one.Address, Trusting(_authority) with { ClientCertificates = [_authority.IssueClient("one")] }),
            (two.Address, Trusting(_other) with { ClientCertificates = [_other.IssueClient("two")] }));
        foreach (TlsServer server in (TlsServer[])[one, two, one, two])
        {
            Assert.NotNull(await client.GetRepository($"{server.Address}/team/api").ResolveAsync("latest", Cancellation));
        }

        Assert.Equal(["CN=one", "CN=one"], one.Requests.Select(request => request.Client));
        Assert.Equal(["CN=two", "CN=two"], two.Requests.Select(request => request.Client));
    }

    [Fact]
    public async Task ResolveAsync_LoopbackWithCertificates_IsNotAskedWithoutTls()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer());
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ResolveAsync(server, Trusting(_other)));
        Assert.Null(error.StatusCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void RegistryClient_HandlerAndCertificates_CannotHoldTogether()
    {
        using SocketsHttpHandler handler = new();
        RegistryClientOptions options = new() { Handler = handler, Registries = ImmutableDictionary<RegistryAddress, RegistryConnectionOptions>.Empty.Add(RegistryAddress.DockerHub, Trusting(_authority)) };
        Assert.Throws<ArgumentException>(() => new RegistryClient(options));
        Assert.Throws<ArgumentException>(() => new RegistryClient(new() { Handler = handler, Proxy = HttpClient.DefaultProxy }));
    }

    private static RegistryConnectionOptions Trusting(TestAuthority authority) => new() { TrustedAuthorities = [authority.ToPublic()] };

    private static RequestDelegate RedirectTo(TlsServer other) => context =>
    {
        context.Response.StatusCode = 307;
        context.Response.Headers.Location = $"https://localhost:{other.Port}/blob";
        return Task.CompletedTask;
    };

    private static RegistryClient ClientOf(params (RegistryAddress Registry, RegistryConnectionOptions Connection)[] connections) =>
        new(new() { MaxRetries = 0, Registries = connections.ToImmutableDictionary(pair => pair.Registry, pair => pair.Connection) });

    private static async Task<Digest?> ResolveAsync(TlsServer server, RegistryConnectionOptions connection)
    {
        using RegistryClient client = ClientOf((server.Address, connection));
        return (await client.GetRepository($"{server.Address}/team/api").ResolveAsync("latest", Cancellation))?.Digest;
    }

    private static async Task AssertRefusedAsync(TlsServer server, RegistryConnectionOptions connection, string reason)
    {
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ResolveAsync(server, connection));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }
}
