using System.Net;
using DevOps.Oci;
using DevOps.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DevOps.Registry.Server.Tests;

/// <summary>A registry inside an application, behind the application's own rules.</summary>
public sealed class OciRegistryEndpointsTests
{
    private static readonly Digest Secret = Digest.Compute("top secret"u8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, HttpStatusCode.Accepted)]
    [InlineData(false, HttpStatusCode.Accepted)]
    [InlineData(true, HttpStatusCode.Created)]
    public async Task Mount_FromAnotherRepository_AsksTheApplication(bool? allows, HttpStatusCode expected)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        RegistryEndpointOptions options = allows is { } answer ? new() { AllowsMountFrom = (_, from) => ValueTask.FromResult(answer && from.Value == "secret/x") } : RegistryEndpointOptions.Default;
        await using WebApplication app = await StartAsync(directory, options);
        using HttpClient http = new() { BaseAddress = new(app.Urls.First()) };
        using StringContent content = new("top secret");
        using HttpResponseMessage pushed = await http.PostAsync(new Uri($"/v2/secret/x/blobs/uploads/?digest={Secret}", UriKind.Relative), content, Cancellation);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);

        using HttpResponseMessage mounted = await http.PostAsync(new Uri($"/v2/mine/y/blobs/uploads/?mount={Secret}&from=secret/x", UriKind.Relative), null, Cancellation);

        Assert.Equal(expected, mounted.StatusCode);
        using HttpResponseMessage read = await http.GetAsync(new Uri($"/v2/mine/y/blobs/{Secret}", UriKind.Relative), Cancellation);
        Assert.Equal(expected == HttpStatusCode.Created ? HttpStatusCode.OK : HttpStatusCode.NotFound, read.StatusCode);
    }

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2")]
    public async Task Ping_WithAndWithoutSlash_Answers(string path)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using WebApplication app = await StartAsync(directory, RegistryEndpointOptions.Default);
        using HttpClient http = new() { BaseAddress = new(app.Urls.First()) };

        using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(TemporaryDirectory directory, RegistryEndpointOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapOciRegistry(new RegistryStorage(directory.PathOf("data")), options);
        await app.StartAsync(Cancellation);
        return app;
    }
}
