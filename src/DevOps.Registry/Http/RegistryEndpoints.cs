using System.Collections.Concurrent;
using System.Globalization;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds how each registry is spoken to. TLS always, except for loopback and for registries named insecure: those are asked with TLS first and without it after.</summary>
internal sealed class RegistryEndpoints(RegistryConnections connections, RegistryClientOptions options)
{
    private readonly ConcurrentDictionary<RegistryAddress, Uri> _known = new();

    internal async ValueTask<Uri> FindAsync(RegistryAddress registry, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(registry, out Uri? known))
        {
            return known;
        }

        Uri root = RootOf(registry, "https");
        if (!options.InsecureRegistries.Contains(registry) && (!registry.IsLoopback || options.ConnectionTo(registry).IsForTls))
        {
            return _known.GetOrAdd(registry, root);
        }

        return await AnswersAsync(root, cancellationToken).ConfigureAwait(false) switch
        {
            true => _known.GetOrAdd(registry, root),
            false => _known.GetOrAdd(registry, RootOf(registry, "http")),

            // Nobody listens for TLS: without it there may be somebody, but that is not known before they answered.
            null => RootOf(registry, "http"),
        };
    }

    /// <summary>Returns whether TLS is spoken, or <see langword="null"/> if nobody answers at all.</summary>
    private async Task<bool?> AnswersAsync(Uri root, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(options.NoProgressTimeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpRequestMessage ping = new(HttpMethod.Get, new Uri(root, "/v2/"));
            using HttpResponseMessage answer = await connections.Named(root).SendAsync(ping, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            return false;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError)
        {
            return null;
        }
    }

    internal static Uri RootOf(RegistryAddress registry, string scheme)
    {
        string host = registry == RegistryAddress.DockerHub ? "registry-1.docker.io" : registry.Host;
        string port = registry.Port is { } number ? ":" + number.ToString(CultureInfo.InvariantCulture) : "";
        return new($"{scheme}://{host}{port}/");
    }
}
