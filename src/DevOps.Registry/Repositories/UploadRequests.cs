using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The requests that an upload is made of.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing blobs".</remarks>
internal sealed class UploadRequests(RegistryTransport transport, RemoteRepository repository)
{
    // A registry that wants chunks of any length would be as good as one that wants none.
    internal const long MaxMinChunkBytes = 1 << 30;

    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    internal RegistryTransport Transport => transport;

    internal RemoteRepository Repository => repository;

    internal RegistryRequest Start(Descriptor descriptor, string query) =>
        Request(HttpMethod.Post, $"{repository.Root}/blobs/uploads/{query}", descriptor) with { Body = () => new ByteArrayContent([]) };

    /// <summary>Returns what announces an algorithm that a registry does not take for granted. Source: OCI distribution-spec, after 1.1, "Pushing blobs".</summary>
    internal static string AlgorithmOf(Descriptor descriptor, string separator) =>
        descriptor.Digest.Algorithm == DigestAlgorithm.Sha256 ? "" : $"{separator}digest-algorithm={descriptor.Digest.AlgorithmName}";

    internal async Task<UploadSession> OpenAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        RegistryRequest post = Start(descriptor, AlgorithmOf(descriptor, "?"));
        using HttpResponseMessage response = await transport.SendAsync(post, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Accepted ? Opened(post, response) : throw await RegistryErrors.FromAsync(post, response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the session that an answer opened.</summary>
    /// <exception cref="RegistryException">It names none.</exception>
    internal UploadSession Opened(RegistryRequest post, HttpResponseMessage response)
    {
        Uri address = LocationOf(post, response)
            ?? throw new RegistryException(post.Operation, repository.ToString(), "the answer names no upload location", "Check that this address is an OCI registry.", response.StatusCode);
        long minimum = response.Headers.TryGetValues("OCI-Chunk-Min-Length", out IEnumerable<string>? values)
            && long.TryParse(values.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long stated) ? Math.Min(stated, MaxMinChunkBytes) : 0;
        return new(address, minimum);
    }

    /// <summary>Returns the session at the place that an answer moved it to.</summary>
    internal static UploadSession Moved(UploadSession session, RegistryRequest request, HttpResponseMessage response) =>
        LocationOf(request, response) is { } address ? session with { Address = address } : session;

    internal RegistryRequest Complete(UploadSession session, Descriptor descriptor) =>
        Request(HttpMethod.Put, "", descriptor) with { Address = WithDigest(session.Address, descriptor.Digest) };

    internal RegistryRequest Chunk(UploadSession session, Descriptor descriptor, UploadBody body) =>
        Request(HttpMethod.Patch, "", descriptor) with { Address = session.Address, IsReplayable = false, Upload = body };

    internal RegistryRequest Status(UploadSession session, Descriptor descriptor) => Request(HttpMethod.Get, "", descriptor) with { Address = session.Address };

    /// <summary>Tells the registry that a session is over. It forgets sessions by itself too, so nothing depends on that.</summary>
    internal async Task CancelAsync(UploadSession session, Descriptor descriptor)
    {
        RegistryRequest delete = Request(HttpMethod.Delete, "", descriptor) with { Address = session.Address, IsReplayable = false };
        using CancellationTokenSource limit = new(CancelTimeout, transport.TimeProvider);
        try
        {
            using HttpResponseMessage response = await transport.SendAsync(delete, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RegistryException or OperationCanceledException)
        {
            // What matters was said by whoever gave the session up.
        }
    }

    internal static Uri? LocationOf(RegistryRequest request, HttpResponseMessage response) =>
        response.Headers.Location is { } location ? NextAddress.From(request, response.RequestMessage!.RequestUri!, location.OriginalString) : null;

    private RegistryRequest Request(HttpMethod method, string path, Descriptor descriptor) =>
        repository.Request(method, path, $"push {descriptor.Digest}") with { Scopes = [repository.PushScope] };

    // The location's own query is the registry's state and stays as it is.
    private static Uri WithDigest(Uri session, Digest digest)
    {
        UriBuilder builder = new(session);
        builder.Query = (builder.Query.Length > 1 ? builder.Query[1..] + "&" : "") + "digest=" + Uri.EscapeDataString(digest.ToString());
        return builder.Uri;
    }
}
