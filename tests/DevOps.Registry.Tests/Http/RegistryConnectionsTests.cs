using System.Net;
using System.Net.Sockets;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryConnectionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Source: the IANA registries of special-purpose addresses; RFC 4291, 6052 and 3056 for IPv4 within IPv6.
    [InlineData("8.8.8.8", "Public")]
    [InlineData("172.15.255.255", "Public")]
    [InlineData("172.32.0.0", "Public")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("64:ff9b::808:808", "Public")]
    [InlineData("10.0.0.1", "Private")]
    [InlineData("172.16.0.1", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("192.168.1.1", "Private")]
    [InlineData("100.64.0.1", "Private")]
    [InlineData("fd00::1", "Private")]
    [InlineData("::ffff:10.0.0.1", "Private")]
    [InlineData("127.0.0.1", "Local")]
    [InlineData("127.255.1.2", "Local")]
    [InlineData("0.0.0.0", "Local")]
    [InlineData("169.254.169.254", "Local")]
    [InlineData("224.0.0.1", "Local")]
    [InlineData("255.255.255.255", "Local")]
    [InlineData("::", "Local")]
    [InlineData("::1", "Local")]
    [InlineData("fe80::1", "Local")]
    [InlineData("ff02::1", "Local")]
    [InlineData("::ffff:169.254.169.254", "Local")]
    [InlineData("::127.0.0.1", "Local")]
    [InlineData("64:ff9b::7f00:1", "Local")]
    [InlineData("2002:7f00:1::", "Local")]
    public void Of_Address_IsItsReach(string address, string expected) => Assert.Equal(expected, AddressReaches.Of(IPAddress.Parse(address)).ToString());

    [Theory] // What an address says without a name service, however it is written.
    [InlineData("http://localhost/", "Local")]
    [InlineData("http://localhost./", "Local")]
    [InlineData("http://LOCALHOST/", "Local")]
    [InlineData("http://a.localhost/", "Local")]
    [InlineData("http://127\u30020\u30020\u30021/", "Local")]
    [InlineData("http://2130706433/", "Local")]
    [InlineData("http://0x7f.1/", "Local")]
    [InlineData("http://[::ffff:169.254.169.254]/", "Local")]
    [InlineData("http://10.1/", "Private")]
    [InlineData("http://registry.example/", null)]
    public void OfHost_Text_IsSeenThrough(string address, string? expected) => Assert.Equal(expected, AddressReaches.OfHost(new(address))?.ToString());

    [Theory]
    [InlineData("https://registry.example", "127.0.0.1")]
    [InlineData("https://registry.example", "169.254.169.254")]
    [InlineData("https://registry.example", "10.0.0.7")]
    [InlineData("https://registry.example", "fd00::7")]
    [InlineData("https://10.0.0.1", "127.0.0.1")]
    [InlineData("https://10.0.0.1", "169.254.169.254")]
    public async Task For_NameThatLeadsNearer_IsRefusedWhereItConnects(string registry, string address)
    {
        // The name is harmless; what it means is seen when it is connected to.
        using RegistryConnections connections = new(new(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));
        HttpClient client = connections.For(new(registry), new("https://cdn.example/blob"));
        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://cdn.example/blob"), Cancellation));
        Assert.Contains("it leads to 'cdn.example'", Assert.IsType<RefusedAddressException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_NameThatChanges_IsNotConnectedToWhatItMeantBefore()
    {
        // A name service that answers first with a public address and then with one of this machine, where somebody listens.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using RegistryConnections connections = new(new(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        Uri address = new($"http://registry.example:{port}/other");
        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => connections.For(new("http://registry.example"), address).GetAsync(address, Cancellation));
        Assert.IsType<RefusedAddressException>(error.InnerException);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]:8443/")]
    [InlineData("https://localhost/")]
    [InlineData("https://192.168.0.1/")]
    public async Task SendAsync_RedirectNearer_IsRefusedBeforeAnythingIsSent(string location)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", location)]));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation));
        Assert.Single(fixture.Requests);
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task SendAsync_RealmNearer_GetsNoCredentials()
    {
        using RegistryFixture fixture = new(
            _ => RegistryFixture.Challenge("""Bearer realm="https://169.254.169.254/token",service="x" """), RegistryFixture.With(DevOps.Credentials.Credential.FromPassword("user", RegistryFixture.Password)));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.ResolveAsync().AsTask());
        Assert.Contains("leads to '169.254.169.254'", error.Message, StringComparison.Ordinal);
        Assert.All(fixture.Requests, request => Assert.Equal(RegistryFixture.Host, request.Address.Host));
        fixture.AssertNoSecrets(error);
    }

    [Fact]
    public async Task SendAsync_PrivateRegistry_MayLeadIntoItsNetwork()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == "10.0.0.1"
                ? ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://10.0.0.2/blob")])
                : new(HttpStatusCode.OK) { Content = new ByteArrayContent(RegistryFixture.BlobBytes) },
            registry: "10.0.0.1");
        await using Stream content = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation);
        Assert.Equal("10.0.0.2", fixture.Requests[^1].Address.Host);
    }
}
