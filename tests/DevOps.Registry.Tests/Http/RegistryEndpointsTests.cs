using System.Collections.Immutable;
using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryEndpointsTests
{
    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("[::1]:5000")]
    [InlineData("registry.localhost")]
    public async Task FindAsync_LoopbackWithoutTls_IsAskedWithTlsFirst(string registry)
    {
        using RegistryFixture fixture = new(
            request => request.Address.Scheme == "https" ? throw new HttpRequestException(HttpRequestError.SecureConnectionError) : RegistryFixture.Found(),
            registry: registry);
        await fixture.ResolveAsync();
        await fixture.ResolveAsync();
        Assert.Equal(["https", "http", "http"], fixture.Requests.Select(request => request.Address.Scheme));
        Assert.Equal("/v2/", fixture.Requests[0].Address.AbsolutePath);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task FindAsync_LoopbackWithTls_StaysWithTls(HttpStatusCode ping)
    {
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath == "/v2/" ? new(ping) : RegistryFixture.Found(), registry: "localhost:5000");
        await fixture.ResolveAsync();
        Assert.All(fixture.Requests, request => Assert.Equal("https", request.Address.Scheme));
    }

    [Fact]
    public async Task FindAsync_LoopbackDown_IsTriedAgainNextTime()
    {
        bool isUp = false;
        using RegistryFixture fixture = new(
            _ => isUp ? RegistryFixture.Found() : throw new HttpRequestException(HttpRequestError.ConnectionError), registry: "localhost:5000");
        await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        isUp = true;
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal("https", fixture.Requests[^1].Address.Scheme);
    }

    [Fact]
    public async Task FindAsync_InsecureWithoutTlsListener_IsSpokenToWithoutTls()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Scheme == "http" ? RegistryFixture.Found() : throw new HttpRequestException(HttpRequestError.ConnectionError), registry: "localhost");
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.Equal("http", fixture.Requests[^1].Address.Scheme);
    }

    [Theory]
    [InlineData("registry.example")]
    [InlineData("127.0.0.1.example")]
    [InlineData("localhost.example:5000")]
    [InlineData("10.0.0.1:5000")]
    public async Task FindAsync_OtherHostWithoutTls_IsNeverAskedWithout(string registry)
    {
        using RegistryFixture fixture = new(_ => throw new HttpRequestException(HttpRequestError.SecureConnectionError), registry: registry);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Contains("insecure", error.Message, StringComparison.Ordinal);
        Assert.All(fixture.Requests, request => Assert.Equal("https", request.Address.Scheme));
    }

    [Fact]
    public async Task FindAsync_InsecureHostWithoutTls_IsAskedWithout()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Scheme == "https" ? throw new HttpRequestException(HttpRequestError.SecureConnectionError) : RegistryFixture.Found(),
            options => options with { InsecureRegistries = ImmutableHashSet.Create(RegistryAddress.Parse("registry.example")) });
        await fixture.ResolveAsync();
        Assert.Equal("http://registry.example/v2/team/api/manifests/latest", fixture.Requests[^1].Address.AbsoluteUri);
    }

    [Fact] // Expected: the address that the Docker engine asks.
    public async Task FindAsync_DockerHub_IsAskedAtItsRegistry()
    {
        using RegistryFixture fixture = new(_ => RegistryFixture.Found(), registry: "docker.io");
        await fixture.ResolveAsync();
        Assert.Equal("https://registry-1.docker.io/v2/team/api/manifests/latest", Assert.Single(fixture.Requests).Address.AbsoluteUri);
    }
}
