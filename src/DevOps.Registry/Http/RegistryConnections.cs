using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace DevOps.Registry;

/// <summary>The connections of a client. What the caller named may be anywhere; what a registry leads to may lie no nearer than the registry itself, and that is decided about the very address that is connected to, whatever a name meant a moment before.</summary>
/// <remarks>
/// A registry that is reached over a public address leads to public addresses alone, one of a private network also into private networks, one of this machine anywhere. Each has connections of its own, so that none is used again for another
/// that might not have opened it. A proxy resolves names itself: behind one only addresses that are written out are checked, and so it is with a handler that the caller gave.
/// </remarks>
internal sealed class RegistryConnections : IDisposable
{
    private readonly HttpClient _named;
    private readonly HttpClient _private;
    private readonly HttpClient _public;
    private readonly ConcurrentDictionary<string, AddressReach> _reaches = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    internal RegistryConnections(RegistryClientOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
        NoProgressTimeout = options.NoProgressTimeout;
        if (options.Handler is { } handler)
        {
            _named = _private = _public = NewClient(handler, disposesHandler: false);
            return;
        }

        _named = NewClient(NewHandler(null), disposesHandler: true);
        _private = NewClient(NewHandler(AddressReach.Private), disposesHandler: true);
        _public = NewClient(NewHandler(AddressReach.Public), disposesHandler: true);
    }

    /// <summary>Gets how long an answer may take.</summary>
    internal TimeSpan NoProgressTimeout { get; }

    /// <summary>Gets the connections to what the caller named.</summary>
    internal HttpClient Named => _named;

    /// <summary>Returns the connections for an address that is reached on behalf of a registry.</summary>
    /// <param name="root">The registry.</param>
    /// <param name="address">The address: its own, or one that it led to.</param>
    /// <exception cref="RefusedAddressException">The address itself says that it lies nearer than the registry.</exception>
    internal HttpClient For(Uri root, Uri address)
    {
        if (RegistryTransport.IsSameOrigin(root, address))
        {
            return _named;
        }

        AddressReach reach = AddressReaches.OfHost(root) ?? _reaches.GetValueOrDefault(KeyOf(root.IdnHost, root.Port), AddressReach.Public);
        if (AddressReaches.OfHost(address) is { } stated && stated > reach)
        {
            throw new RefusedAddressException(address.IdnHost, stated);
        }

        return reach switch { AddressReach.Local => _named, AddressReach.Private => _private, _ => _public };
    }

    public void Dispose()
    {
        _named.Dispose();
        _private.Dispose();
        _public.Dispose();
    }

    private static string KeyOf(string host, int port) => $"{host}:{port}";

    private static HttpClient NewClient(HttpMessageHandler handler, bool disposesHandler)
    {
        HttpClient client = new(handler, disposesHandler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("DevOps.Registry", "0.1"));
        return client;
    }

    private SocketsHttpHandler NewHandler(AddressReach? nearest) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context, nearest, cancellationToken),
    };

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
