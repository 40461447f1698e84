using System.Net;
using System.Security.Claims;
using DevOps.Oci;
using DevOps.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

    [Theory]
    [InlineData("")]
    [InlineData("/path%20base")]
    [InlineData("/tenants/x%20y")]
    public async Task Addresses_BelowAPrefix_LeadBack(string prefix)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using WebApplication app = await StartAsync(directory, RegistryEndpointOptions.Default);
        using HttpClient http = new() { BaseAddress = new(app.Urls.First()) };
        await PushAndFollowAsync(http, prefix);
    }

    [Fact]
    public async Task Push_OverHttp2_IsAsOverHttp1()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using WebApplication app = await StartAsync(directory, RegistryEndpointOptions.Default, HttpProtocols.Http2);
        using HttpClient http = new() { BaseAddress = new(app.Urls.First()), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await PushAndFollowAsync(http, "");
    }

    [Fact]
    public async Task Events_UserOfTheApplication_IsNamed()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        RecordingProgress<RegistryEvent> events = new();
        await using WebApplication app = await StartAsync(directory, new() { Events = events });
        using HttpClient http = new() { BaseAddress = new(app.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-User", "alice");
        await PushAndFollowAsync(http, "");
        Assert.Equal(["alice"], events.Reports.Select(happened => happened.UserName).Distinct());
    }

    /// <summary>Pushes in chunks and lists in pages, by no other addresses than those that the registry gives.</summary>
    private static async Task PushAndFollowAsync(HttpClient http, string prefix)
    {
        string upload = await SendAsync(HttpMethod.Post, $"{prefix}/v2/a/blobs/uploads/", null, HttpStatusCode.Accepted);
        upload = await SendAsync(HttpMethod.Patch, upload, new StringContent("{"), HttpStatusCode.Accepted);
        await SendAsync(HttpMethod.Get, upload, null, HttpStatusCode.NoContent);
        string blob = await SendAsync(HttpMethod.Put, $"{upload}?digest={Digest.Compute("{}"u8)}", new StringContent("}"), HttpStatusCode.Created);
        Assert.Equal("{}", await http.GetStringAsync(new Uri(blob, UriKind.Relative), Cancellation));

        ImageManifest manifest = ServerFixture.Artifact("one");
        foreach (string tag in (string[])["a", "b"])
        {
            ByteArrayContent body = new(manifest.RawBytes.ToArray()) { Headers = { ContentType = new(manifest.MediaType) } };
            string location = await SendAsync(HttpMethod.Put, $"{prefix}/v2/a/manifests/{tag}", body, HttpStatusCode.Created);
            Assert.Equal(manifest.RawBytes.ToArray(), await http.GetByteArrayAsync(new Uri(location, UriKind.Relative), Cancellation));
        }

        using HttpResponseMessage page = await http.GetAsync(new Uri($"{prefix}/v2/a/tags/list?n=1", UriKind.Relative), Cancellation);
        string link = ServerFixture.Header(page, "Link");
        Assert.StartsWith($"<{prefix}/v2/a/tags/list?", link, StringComparison.Ordinal);
        Assert.Equal("""{"name":"a","tags":["b"]}""", await http.GetStringAsync(new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)], UriKind.Relative), Cancellation));

        async Task<string> SendAsync(HttpMethod method, string path, HttpContent? body, HttpStatusCode expected)
        {
            using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative)) { Content = body, Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
            using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
            Assert.Equal(expected, response.StatusCode);
            string location = ServerFixture.Header(response, "Location");
            Assert.StartsWith($"{prefix}/v2/a/", location, StringComparison.Ordinal);
            return location;
        }
    }

    private static async Task<WebApplication> StartAsync(TemporaryDirectory directory, RegistryEndpointOptions options, HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.UsePathBase("/path base");
        app.Use((context, next) =>
        {
            // As the application's own authentication would.
            context.User = (string?)context.Request.Headers["X-User"] is { } user ? new(new ClaimsIdentity([new(ClaimTypes.Name, user)], "test")) : context.User;
            return next(context);
        });
        app.UseRouting();
        RegistryStorage storage = new(directory.PathOf("data"));
        app.MapOciRegistry(storage, options);
        app.MapGroup("/tenants/{tenant}").MapOciRegistry(storage, options);
        await app.StartAsync(Cancellation);
        return app;
    }
}
