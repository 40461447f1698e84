using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryProxyTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task ResolveAsync_ProxyOfARegistry_TunnelsTls()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.IssueServer("registry.example"));
        await using TestProxy proxy = new(_ => server.Port);
        RegistryAddress registry = RegistryAddress.Parse("registry.example");
        using RegistryClient client = new(new() { MaxRetries = 0, Registries = Options((registry, Trusting() with { Proxy = proxy, ClientCertificates = [_authority.IssueClient("robot")] })) });
        Assert.NotNull(await client.GetRepository($"{registry}/team/api").ResolveAsync("latest", Cancellation));
        Assert.Equal("CONNECT registry.example:443 HTTP/1.1", Assert.Single(proxy.Lines));
        Assert.Equal("CN=robot", Assert.Single(server.Requests).Client);
    }

    [Fact]
    public async Task ResolveAsync_ProxyOfTheClient_IsForAllAndARegistrysOwnComesFirst()
    {
        await using TlsServer one = await TlsServer.StartAsync(_authority.IssueServer("one.example"));
        await using TlsServer two = await TlsServer.StartAsync(_authority.IssueServer("two.example"));
        await using TestProxy general = new(_ => one.Port);
        await using TestProxy own = new(_ => two.Port);
        using RegistryClient client = new(new()
        {
            MaxRetries = 0,
            Proxy = general,
            Registries = Options((RegistryAddress.Parse("one.example"), Trusting()), (RegistryAddress.Parse("two.example"), Trusting() with { Proxy = own })),
        });
        Assert.NotNull(await client.GetRepository("one.example/team/api").ResolveAsync("latest", Cancellation));
        Assert.NotNull(await client.GetRepository("two.example/team/api").ResolveAsync("latest", Cancellation));
        Assert.Equal("CONNECT one.example:443 HTTP/1.1", Assert.Single(general.Lines));
        Assert.Equal("CONNECT two.example:443 HTTP/1.1", Assert.Single(own.Lines));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAndWrite_InsecureRegistryBehindAProxy_WorkWithoutTls(bool tunnelsAnything)
    {
        // A proxy may tunnel to where no TLS is spoken, or refuse the tunnel at once.
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = directory.Path }, cancellationToken: Cancellation);
        await using TestProxy proxy = new(authority => tunnelsAnything || authority == "registry.example" ? host.Address.Port : null);
        RegistryAddress registry = RegistryAddress.Parse("registry.example");
        using RegistryClient client = new(new() { MaxRetries = 0, Proxy = proxy, InsecureRegistries = [registry] });
        RemoteRepository repository = client.GetRepository($"{registry}/team/api");
        await repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation);
        ReadOnlyMemory<byte> read = await repository.ReadAllBytesAsync(RegistryFixture.Blob, cancellationToken: Cancellation);
        Assert.Equal(RegistryFixture.BlobBytes, read.ToArray());
        Assert.Equal("CONNECT registry.example:443 HTTP/1.1", proxy.Lines.First());
        Assert.Contains(proxy.Lines, line => line.StartsWith("POST http://registry.example/v2/team/api/blobs/uploads/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ResolveAsync_ProxyThatRefuses_IsAnErrorThatSaysSo()
    {
        await using TestProxy proxy = new(_ => null);
        using RegistryClient client = new(new() { MaxRetries = 0, Proxy = proxy });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await client.GetRepository("registry.example/team/api").ResolveAsync("latest", Cancellation));
        Assert.Contains("502", error.Message, StringComparison.Ordinal);
    }

    private RegistryConnectionOptions Trusting() => new() { TrustedAuthorities = [_authority.ToPublic()] };

    private static ImmutableDictionary<RegistryAddress, RegistryConnectionOptions> Options(params (RegistryAddress Registry, RegistryConnectionOptions Connection)[] connections) =>
        connections.ToImmutableDictionary(pair => pair.Registry, pair => pair.Connection);
}
