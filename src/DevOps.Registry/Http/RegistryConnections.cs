using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The connections of a client. What the caller named may be anywhere; what a registry leads to may lie no nearer than the registry itself, and that is decided about the very address that is connected to, whatever a name meant a moment before.</summary>
/// <remarks>
/// A registry that is reached over a public address leads to public addresses alone, one of a private network also into private networks, one of this machine anywhere. Each has connections of its own, so that none is used again for another
/// that might not have opened it; and so has each host with options of its own. A proxy resolves names itself: behind one only addresses that are written out are checked, and so it is with a handler that the caller gave.
/// </remarks>
internal sealed class RegistryConnections : IDisposable
{
    private readonly ConcurrentDictionary<(string? Host, AddressReach? Nearest), Lazy<HttpClient>> _clients = new();
    private readonly ConcurrentDictionary<string, AddressReach> _reaches = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly Dictionary<string, RegistryConnectionOptions> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly RegistryClientOptions _options;

    internal RegistryConnections(RegistryClientOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (_options, _resolve) = (options, resolve ?? Dns.GetHostAddressesAsync);
        foreach ((RegistryAddress registry, RegistryConnectionOptions connection) in options.Registries)
        {
            foreach (Uri root in (Uri[])[RegistryEndpoints.RootOf(registry, Uri.UriSchemeHttps), RegistryEndpoints.RootOf(registry, Uri.UriSchemeHttp)])
            {
                _hosts[KeyOf(root.IdnHost, root.Port)] = connection;
            }
        }
    }

    /// <summary>Gets how long an answer may take.</summary>
    internal TimeSpan NoProgressTimeout => _options.NoProgressTimeout;

    /// <summary>Returns the connections to what the caller named.</summary>
    internal HttpClient Named(Uri address) => Client(address, null);

    /// <summary>Returns the connections for an address that is reached on behalf of a registry.</summary>
    /// <param name="root">The registry.</param>
    /// <param name="address">The address: its own, or one that it led to.</param>
    /// <exception cref="RefusedAddressException">The address itself says that it lies nearer than the registry.</exception>
    internal HttpClient For(Uri root, Uri address)
    {
        if (RegistryTransport.IsSameOrigin(root, address))
        {
            return Named(address);
        }

        AddressReach reach = AddressReaches.OfHost(root) ?? _reaches.GetValueOrDefault(KeyOf(root.IdnHost, root.Port), AddressReach.Public);
        if (AddressReaches.OfHost(address) is { } stated && stated > reach)
        {
            throw new RefusedAddressException(address.IdnHost, stated);
        }

        return Client(address, reach == AddressReach.Local ? null : reach);
    }

    public void Dispose()
    {
        foreach (Lazy<HttpClient> client in _clients.Values)
        {
            client.Value.Dispose();
        }
    }

    private static string KeyOf(string host, int port) => $"{host.Trim('[', ']')}:{port}";

    // One client for all that the caller's handler serves, or for all hosts without options: it pools by host itself.
    private HttpClient Client(Uri address, AddressReach? nearest)
    {
        string key = KeyOf(address.IdnHost, address.Port);
        bool hasOwn = _hosts.TryGetValue(key, out RegistryConnectionOptions? connection);
        return _options.Handler is { } handler
            ? _clients.GetOrAdd((null, null), _ => new(() => NewClient(handler, disposesHandler: false))).Value
            : _clients.GetOrAdd((hasOwn ? key : null, nearest), _ => new(() => NewClient(NewHandler(address, connection ?? RegistryConnectionOptions.Default, nearest), disposesHandler: true))).Value;
    }

    private static HttpClient NewClient(HttpMessageHandler handler, bool disposesHandler)
    {
        HttpClient client = new(handler, disposesHandler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("DevOps.Registry", "0.1"));
        return client;
    }

    private SocketsHttpHandler NewHandler(Uri address, RegistryConnectionOptions connection, AddressReach? nearest)
    {
        IWebProxy? proxy = connection.Proxy ?? _options.Proxy;
        return new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = proxy,
            UseProxy = proxy is not null,
            SslOptions = new RegistryTls(address.IdnHost.Trim('[', ']'), connection).ToOptions(),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, nearest, cancellationToken),
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, AddressReach? nearest, CancellationToken cancellationToken)
    {
        DnsEndPoint end = context.DnsEndPoint;
        bool isProxy = context.InitialRequestMessage.RequestUri is { } asked && !string.Equals(asked.IdnHost, end.Host, StringComparison.OrdinalIgnoreCase) && !string.Equals(asked.Host, end.Host, StringComparison.OrdinalIgnoreCase);
        IPAddress[] addresses = IPAddress.TryParse(end.Host, out IPAddress? literal) ? [literal] : await _resolve(end.Host, cancellationToken).ConfigureAwait(false);
        IPAddress[] allowed = nearest is { } limit && !isProxy ? [.. addresses.Where(address => AddressReaches.Of(address) <= limit)] : addresses;
        if (allowed.Length == 0)
        {
            throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new RefusedAddressException(end.Host, addresses.Max(AddressReaches.Of));
        }

        Exception? failure = null;
        foreach (IPAddress address in allowed)
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, end.Port, cancellationToken).ConfigureAwait(false);
                if (nearest is null && !isProxy)
                {
                    // The farthest that it ever was: a name that moves from far to near leads nobody along.
                    _reaches.AddOrUpdate(KeyOf(end.Host, end.Port), AddressReaches.Of(address), (_, before) => before < AddressReaches.Of(address) ? before : AddressReaches.Of(address));
                }

                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                failure = e;
                if (e is not SocketException)
                {
                    throw;
                }
            }
        }

        throw failure!;
    }
}
