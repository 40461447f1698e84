using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Opens content for reading: large blobs in several ranges at once where that is wished, and everything else as one stream.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling manifests" and "Pulling blobs".</remarks>
internal sealed class ContentDownload(RegistryTransport transport, RemoteRepository repository)
{
    internal async Task<Stream> OpenAsync(Descriptor descriptor, RegistryRequest request, CancellationToken cancellationToken)
    {
        BlobRangeOptions ranges = transport.Options.BlobRanges;
        bool inRanges = !MediaTypes.IsManifest(descriptor.MediaType) && ranges.Suit(descriptor.SizeBytes);

        // The first range tells whether there are any; a registry without them sends the whole, and no request was in vain.
        RegistryRequest sent = inRanges ? request with { Range = (0, ranges.RangeBytes - 1) } : request;
        HttpResponseMessage response = await transport.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        if (inRanges && response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotImplemented)
        {
            response.Dispose();
            (inRanges, sent) = (false, request);
            response = await transport.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return response.StatusCode switch
            {
                HttpStatusCode.OK when CameAsAnother(descriptor, response) is { } came => throw new InvalidContentException($"manifest {descriptor.Digest}", $"it is said to be '{descriptor.MediaType}' but came as '{came}'"),
                HttpStatusCode.OK => await UseAsync(response, Body(0, descriptor.SizeBytes, true), cancellationToken).ConfigureAwait(false),
                HttpStatusCode.PartialContent when inRanges => new RangedBody(ranges, descriptor.SizeBytes, await UseAsync(response, Body(0, ranges.RangeBytes, false), cancellationToken).ConfigureAwait(false), Body),
                HttpStatusCode.NotFound => throw new ContentNotFoundException(repository.ToString(), descriptor.Digest.ToString()),
                _ => throw await RegistryErrors.FromAsync(sent, response, cancellationToken).ConfigureAwait(false),
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }

        BlobBody Body(long start, long end, bool takesWhole) => new(transport, request, repository.ToString(), descriptor, start, end) { TakesWhole = takesWhole };
    }

    // Two readers of the same bytes must not take them for two kinds of manifest. A type that names no manifest says nothing of that. Source: the advisory of CVE-2021-41190.
    private static string? CameAsAnother(Descriptor descriptor, HttpResponseMessage response) =>
        MediaTypes.IsManifest(descriptor.MediaType) && response.Content.Headers.ContentType?.MediaType is { } came && MediaTypes.IsManifest(came) && came != descriptor.MediaType ? came : null;

    private static async Task<BlobBody> UseAsync(HttpResponseMessage response, BlobBody body, CancellationToken cancellationToken)
    {
        await body.UseAsync(response, cancellationToken).ConfigureAwait(false);
        return body;
    }
}
