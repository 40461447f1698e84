using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads the content of a repository, from mirrors where there are some.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling manifests" and "Pulling blobs".</remarks>
internal sealed class ContentReads(RegistryTransport transport, RemoteRepository repository)
{
    internal static string PathOf(RemoteRepository repository, Descriptor descriptor) =>
        $"{repository.Root}/{(MediaTypes.IsManifest(descriptor.MediaType) ? "manifests" : "blobs")}/{descriptor.Digest}";

    /// <summary>Opens content that is verified as it is read.</summary>
    internal async Task<Stream> OpenAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        while (true)
        {
            BlobBody body = await OpenBodyAsync(descriptor, 0, MirrorTrust.Digests, cancellationToken).ConfigureAwait(false);
            try
            {
                await AskAsync(body, descriptor, cancellationToken).ConfigureAwait(false);
                if (!body.IsOfMirror || descriptor.SizeBytes > OciDocument.MaxLengthBytes)
                {
                    return new VerifyingStream(transport.Mirrors.HasAny(repository.Registry) ? new MirroredContent(body, descriptor) : body, descriptor, repository.ToString());
                }
            }
            catch
            {
                await body.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            // Small enough to look at before a byte of it is handed on.
            if (await MirroredContent.TryReadAllAsync(body, descriptor, cancellationToken).ConfigureAwait(false) is { } bytes)
            {
                return new VerifyingStream(new MemoryStream(bytes, writable: false), descriptor, repository.ToString());
            }
        }
    }

    /// <summary>Opens content at an offset. Mirrors are not asked, for nothing verifies a part.</summary>
    internal async Task<Stream> OpenAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken) =>
        await OpenBodyAsync(descriptor, offset, null, cancellationToken).ConfigureAwait(false);

    /// <summary>Returns whether the repository itself holds content.</summary>
    internal async Task<bool> HoldsAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        RegistryRequest head = repository.Request(HttpMethod.Head, PathOf(repository, descriptor), $"look for {descriptor.Digest}") with { Accept = AcceptFor(descriptor), Scopes = [repository.PushScope] };

        // Where only the content itself can be asked for, its first byte says as much.
        RegistryRequest get = head with { Method = HttpMethod.Get, Range = descriptor.SizeBytes > 0 && !MediaTypes.IsManifest(descriptor.MediaType) ? (0, 0) : null };
        RegistryRequest request = transport.Abilities.Has(repository.Registry, RegistryAbility.Head) ? head : get;
        HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (request == head && transport.Abilities.RefusesHead(repository.Registry, response.StatusCode))
        {
            response.Dispose();
            response = await transport.SendAsync(get, cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.PartialContent => true,
                HttpStatusCode.NotFound => false,
                _ => throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    private async Task<BlobBody> OpenBodyAsync(Descriptor descriptor, long offset, MirrorTrust? need, CancellationToken cancellationToken)
    {
        // Manifests are short requests, as all that is asked.
        bool isBlob = !MediaTypes.IsManifest(descriptor.MediaType);
        RegistryRequest request = repository.Request(HttpMethod.Get, PathOf(repository, descriptor), $"read {descriptor.Digest}") with
        {
            Accept = AcceptFor(descriptor),
            SizeBytes = descriptor.SizeBytes,
            MirrorNeed = need,
            HoldsSlot = isBlob,
        };
        ReadSlot? slot = isBlob ? await transport.EnterToReadAsync(repository.Registry, cancellationToken).ConfigureAwait(false) : null;
        return new BlobBody(transport, request, repository.ToString(), descriptor.SizeBytes, offset, descriptor.SizeBytes) { Slot = slot };
    }

    private async Task AskAsync(BlobBody body, Descriptor descriptor, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await transport.SendAsync(body.Request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            await body.UseAsync(response, cancellationToken).ConfigureAwait(false);
            return;
        }

        using (response)
        {
            throw response.StatusCode == HttpStatusCode.NotFound
                ? new ContentNotFoundException(repository.ToString(), descriptor.Digest.ToString())
                : await RegistryErrors.FromAsync(body.Request, response, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ImmutableArray<string> AcceptFor(Descriptor descriptor) => MediaTypes.IsManifest(descriptor.MediaType) ? [descriptor.MediaType] : [];
}
