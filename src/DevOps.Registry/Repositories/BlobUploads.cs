using System.Collections.Concurrent;
using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Uploads blobs: a session is opened, the blob sent in one piece, and the registry told the digest.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "POST then PUT" and "Mounting a blob from another repository".</remarks>
internal sealed class BlobUploads(RegistryTransport transport, RemoteRepository repository)
{
    private static readonly TimeSpan SessionAge = TimeSpan.FromSeconds(30);

    // A mount that is not possible leaves an open session: the upload that follows at once goes there instead of opening another.
    private readonly ConcurrentDictionary<Digest, (Uri Address, DateTimeOffset OpenedAt)> _sessions = new();

    internal async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        Uri session = _sessions.TryRemove(descriptor.Digest, out (Uri Address, DateTimeOffset OpenedAt) left) && IsFresh(left.OpenedAt)
            ? left.Address
            : await OpenSessionAsync(descriptor, cancellationToken).ConfigureAwait(false);

        RegistryRequest put = Request(HttpMethod.Put, "", descriptor) with
        {
            Address = WithDigest(session, descriptor.Digest),
            IsReplayable = false,
            Upload = new(content, descriptor.SizeBytes),
        };
        using HttpResponseMessage response = await transport.SendAsync(put, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.NoContent))
        {
            throw await RegistryErrors.FromAsync(put, response, cancellationToken).ConfigureAwait(false);
        }
    }

    internal async ValueTask<bool> TryMountAsync(Descriptor descriptor, RemoteRepository from, CancellationToken cancellationToken)
    {
        RegistryRequest post = Request(HttpMethod.Post, $"{repository.Root}/blobs/uploads/?mount={descriptor.Digest}&from={Uri.EscapeDataString(from.Name.Value)}", descriptor);
        post = post with { Scopes = post.Scopes.Add(from.PullScope), Operation = $"mount {descriptor.Digest}" };
        HttpResponseMessage response;
        try
        {
            response = await transport.SendAsync(post, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException)
        {
            // The right to read the source may be refused while that to write here is not: the upload will tell.
            return false;
        }

        using HttpResponseMessage answer = response;
        foreach ((Digest digest, (Uri _, DateTimeOffset openedAt)) in _sessions)
        {
            if (!IsFresh(openedAt))
            {
                _sessions.TryRemove(digest, out _);
            }
        }

        if (response.StatusCode == HttpStatusCode.Accepted && response.Headers.Location is { } location)
        {
            _sessions[descriptor.Digest] = (NextAddress.From(post, RequestedAddress(response), location.OriginalString), transport.TimeProvider.GetUtcNow());
        }

        // Every other answer leaves the ordinary upload, which reports what is wrong if it fails too.
        return response.StatusCode == HttpStatusCode.Created;
    }

    private async Task<Uri> OpenSessionAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        RegistryRequest post = Request(HttpMethod.Post, $"{repository.Root}/blobs/uploads/", descriptor) with { Body = () => new ByteArrayContent([]) };
        using HttpResponseMessage response = await transport.SendAsync(post, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw await RegistryErrors.FromAsync(post, response, cancellationToken).ConfigureAwait(false);
        }

        return response.Headers.Location is { } location
            ? NextAddress.From(post, RequestedAddress(response), location.OriginalString)
            : throw new RegistryException(post.Operation, repository.ToString(), "the answer names no upload location", "Check that this address is an OCI registry.", response.StatusCode);
    }

    private bool IsFresh(DateTimeOffset openedAt) => transport.TimeProvider.GetUtcNow() - openedAt < SessionAge;

    private RegistryRequest Request(HttpMethod method, string path, Descriptor descriptor) =>
        repository.Request(method, path, $"push {descriptor.Digest}") with { Scopes = [repository.PushScope] };

    private static Uri RequestedAddress(HttpResponseMessage response) => response.RequestMessage!.RequestUri!;

    // The location's own query is the registry's state and stays as it is.
    private static Uri WithDigest(Uri session, Digest digest)
    {
        UriBuilder builder = new(session);
        builder.Query = (builder.Query.Length > 1 ? builder.Query[1..] + "&" : "") + "digest=" + Uri.EscapeDataString(digest.ToString());
        return builder.Uri;
    }
}
