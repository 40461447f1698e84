using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads the content of a repository, from mirrors where there are some.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling manifests" and "Pulling blobs".</remarks>
internal sealed class ContentReads(RegistryTransport transport, RemoteRepository repository)
{
    private readonly ContentDownload _downloads = new(transport, repository);

    internal static string PathOf(RemoteRepository repository, Descriptor descriptor) =>
        $"{repository.Root}/{(MediaTypes.IsManifest(descriptor.MediaType) ? "manifests" : "blobs")}/{descriptor.Digest}";

    /// <summary>Opens content that is verified as it is read.</summary>
    internal async Task<Stream> OpenAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        MirrorUse mirrors = new(transport.Mirrors);
        while (true)
        {
            Stream content;
            try
            {
                content = await SlottedAsync(descriptor, request => _downloads.OpenAsync(descriptor, request, cancellationToken), mirrors, cancellationToken).ConfigureAwait(false);
            }
            catch (DevOpsException e) when (mirrors.IsAny)
            {
                // A mirror answered, and with something else.
                mirrors.Leave(e.Message);
                continue;
            }

            if (!mirrors.IsAny || descriptor.SizeBytes > OciDocument.MaxLengthBytes)
            {
                return new VerifyingStream(transport.Mirrors.HasAny(repository.Registry) ? new MirroredContent(content, descriptor, mirrors) : content, descriptor, repository.ToString());
            }

            // Small enough to look at before a byte of it is handed on.
            if (await MirroredContent.TryReadAllAsync(content, descriptor, mirrors, cancellationToken).ConfigureAwait(false) is { } bytes)
            {
                return new VerifyingStream(new MemoryStream(bytes, writable: false), descriptor, repository.ToString());
            }
        }
    }

    /// <summary>Opens content at an offset. Mirrors are not asked, for nothing verifies a part; what is read from its start is verified like any other.</summary>
    internal async Task<Stream> OpenAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken)
    {
        Stream content = await SlottedAsync(
            descriptor,
            async request =>
            {
                BlobBody body = new(transport, request, repository.ToString(), descriptor, offset, descriptor.SizeBytes);
                try
                {
                    await body.BeginAsync(cancellationToken).ConfigureAwait(false);
                    return body;
                }
                catch
                {
                    await body.DisposeAsync().ConfigureAwait(false);
                    throw;
                }
            },
            null,
            cancellationToken).ConfigureAwait(false);
        return offset == 0 ? new VerifyingStream(content, descriptor, repository.ToString()) : content;
    }

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
                HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable => true,
                HttpStatusCode.NotFound => false,
                _ => throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    private async Task<Stream> SlottedAsync(Descriptor descriptor, Func<RegistryRequest, Task<Stream>> open, MirrorUse? mirrors, CancellationToken cancellationToken)
    {
        RegistryRequest request = repository.Request(HttpMethod.Get, PathOf(repository, descriptor), $"read {descriptor.Digest}") with
        {
            Accept = AcceptFor(descriptor),
            SizeBytes = descriptor.SizeBytes,
            MirrorNeed = mirrors is null ? null : MirrorTrust.Digests,
            Mirrors = mirrors,
        };
        return await RegistrySpans.OpenAsync(repository, descriptor, () => MediaTypes.IsManifest(descriptor.MediaType) ? open(request) : OpenInSlotAsync(request, open, cancellationToken)).ConfigureAwait(false);
    }

    // The slot is taken before anything is opened, and held until it was read: nobody waits for one in the middle. A manifest takes a short request, as all that is asked.
    private async Task<Stream> OpenInSlotAsync(RegistryRequest request, Func<RegistryRequest, Task<Stream>> open, CancellationToken cancellationToken)
    {
        ReadSlot slot = await transport.EnterToReadAsync(repository.Registry, cancellationToken).ConfigureAwait(false);
        try
        {
            return new SlottedContent(await open(request with { HoldsSlot = true }).ConfigureAwait(false), slot);
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    private static ImmutableArray<string> AcceptFor(Descriptor descriptor) => MediaTypes.IsManifest(descriptor.MediaType) ? [descriptor.MediaType] : [];
}
