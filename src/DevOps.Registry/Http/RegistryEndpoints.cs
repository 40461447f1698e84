using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds how each registry is spoken to. TLS always, except for loopback and for registries named insecure: those are asked with TLS first and without it after.</summary>
internal sealed class RegistryEndpoints(HttpClient http, ImmutableHashSet<RegistryAddress> insecure)
{
    private readonly ConcurrentDictionary<RegistryAddress, Uri> _known = new();

    internal async ValueTask<Uri> FindAsync(RegistryAddress registry, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(registry, out Uri? known))
        {
            return known;
        }

        Uri root = RootOf(registry, "https");
        if (registry.IsLoopback || insecure.Contains(registry))
        {
            root = await AnswersAsync(root, cancellationToken).ConfigureAwait(false) ? root : RootOf(registry, "http");
        }

        return _known.GetOrAdd(registry, root);
    }

    private async Task<bool> AnswersAsync(Uri root, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage ping = new(HttpMethod.Get, new Uri(root, "/v2/"));
            using HttpResponseMessage answer = await http.SendAsync(ping, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            return false;
        }
    }

    private static Uri RootOf(RegistryAddress registry, string scheme)
    {
        string host = registry == RegistryAddress.DockerHub ? "registry-1.docker.io" : registry.Host;
        string port = registry.Port is { } number ? ":" + number.ToString(CultureInfo.InvariantCulture) : "";
        return new($"{scheme}://{host}{port}/");
    }
}
