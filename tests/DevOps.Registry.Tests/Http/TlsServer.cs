using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using DevOps.Oci;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace DevOps.Registry.Tests.Http;

/// <summary>A server on loopback that speaks TLS. Every request is kept, with the certificate of whoever asked.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TlsServer(WebApplication application, ConcurrentQueue<(string Path, string? Client)> requests) => (_application, Requests) = (application, requests);

    internal ConcurrentQueue<(string Path, string? Client)> Requests { get; }

    internal int Port => new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    internal RegistryAddress Address => RegistryAddress.Parse($"localhost:{Port}");

    internal static async Task<TlsServer> StartAsync(X509Certificate2 certificate, RequestDelegate? answer = null, ClientCertificateMode clients = ClientCertificateMode.AllowCertificate)
    {
        ConcurrentQueue<(string, string?)> requests = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = clients;

            // Whoever comes is let in: the tests look at what they brought.
            https.ClientCertificateValidation = (_, _, _) => true;
        })));
        WebApplication application = builder.Build();
        application.Run(async context =>
        {
            requests.Enqueue((context.Request.Path, context.Connection.ClientCertificate?.Subject));
            await (answer ?? Found)(context);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new(application, requests);
    }

    /// <summary>Answers with a manifest, whatever is asked.</summary>
    internal static Task Found(HttpContext context)
    {
        context.Response.ContentType = MediaTypes.ImageIndex;
        context.Response.ContentLength = RegistryFixture.ManifestBytes.Length;
        context.Response.Headers["Docker-Content-Digest"] = RegistryFixture.Manifest.Digest.ToString();
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(RegistryFixture.ManifestBytes).AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
