using System.Net;
using System.Net.Sockets;
using DevOps.Oci;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server;

/// <summary>A registry that listens by itself, for tests, tools and machines without one. Disposing it stops it; its data stays if <see cref="RegistryHostOptions.Directory"/> says where.</summary>
public sealed class RegistryHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private readonly string? _temporary;

    private RegistryHost(WebApplication application, RegistryAddress address, RegistryStorage storage, RegistryFaults faults, string? temporary) =>
        (_application, Address, Storage, Faults, _temporary) = (application, address, storage, faults, temporary);

    /// <summary>Gets where the registry listens, for use in references.</summary>
    public RegistryAddress Address { get; }

    /// <summary>Gets where the registry's content is, to collect its garbage.</summary>
    public RegistryStorage Storage { get; }

    /// <summary>Gets what goes wrong in this registry; nothing, until a test puts a fault in.</summary>
    public RegistryFaults Faults { get; }

    /// <summary>Starts a registry. Without options it listens at a free port on loopback, and what is pushed goes when it is disposed.</summary>
    /// <param name="options">Where its data is and where it listens; <see cref="RegistryHostOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="loggerFactory">Where it logs; nowhere if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="IOException">The address cannot be listened on, or the directory cannot be used.</exception>
    public static async Task<RegistryHost> StartAsync(RegistryHostOptions? options = null, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        options ??= RegistryHostOptions.Default;
        if (options.Directory is { } directory)
        {
            return await StartAsync(options, new(directory, options.Storage), null, loggerFactory, cancellationToken).ConfigureAwait(false);
        }

        string temporary = Directory.CreateTempSubdirectory("devops-registry-").FullName;
        try
        {
            return await StartAsync(options, new(temporary, options.Storage), temporary, loggerFactory, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        if (_temporary is not null && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private static async Task<RegistryHost> StartAsync(RegistryHostOptions options, RegistryStorage storage, string? temporary, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits, options);
            kestrel.Listen(options.Endpoint, listen =>
            {
                // Over one connection of HTTP/2 blobs would wait for each other, and a fault that ends a connection would end more than its request.
                listen.Protocols = HttpProtocols.Http1;
                if (options.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BlockPoolFactory>();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        if (loggerFactory is not null)
        {
            builder.Services.AddSingleton(loggerFactory);
        }

        IRegistryAuthorizer? authorizer = options.Authorizer ?? options.Registry.Authorizer;
        RegistryFaults faults = new(authorizer, options.TimeProvider);
        WebApplication application = builder.Build();
        try
        {
            application.Use(faults.InvokeAsync);
            application.UseRouting();
            application.MapOciRegistry(storage, options.Registry with { Authorizer = authorizer });
            if (authorizer is BearerAuthorizer bearer)
            {
                application.MapRegistryTokens(bearer);
            }

            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new(application, ListeningAddress(application, options.Endpoint.Address), storage, faults, temporary);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"The registry cannot listen on {options.Endpoint}: {(e.InnerException ?? e).Message.TrimEnd('.')}. Choose another address or port; port 0 is any free one.", e);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Limit(KestrelServerLimits limits, RegistryHostOptions options)
    {
        MinDataRate? rate = options.MinimumBytesPerSecond > 0 ? new(options.MinimumBytesPerSecond, options.SlowClientGrace) : null;
        limits.MaxRequestBodySize = null;

        // What lies between a connection and a slow disk; with the usual 1 MiB, a few dozen clients fill what the pool keeps.
        limits.MaxRequestBufferSize = BlockPool.HugeBytes;

        // What lies between a file and a slow connection; the usual 64 KiB let the two wait for each other.
        limits.MaxResponseBufferSize = 2 * BlockPool.HugeBytes;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
    }

    private static RegistryAddress ListeningAddress(WebApplication application, IPAddress asked)
    {
        string bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        int port = new Uri(bound.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)).Port;

        // An address that means every interface is none that a client could ask.
        string host = asked.Equals(IPAddress.Any) || asked.Equals(IPAddress.IPv6Any) ? "localhost"
            : asked.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{asked}]" : asked.ToString();
        return RegistryAddress.Parse($"{host}:{port}");
    }
}
