using System.Globalization;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Serves and forgets blobs.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling blobs" and "Deleting Blobs".</remarks>
internal static class BlobEndpoint
{
    internal static async Task HandleAsync(HttpContext context, RepositoryFolder repository, string item)
    {
        Digest digest = Digest.TryParse(item, out Digest? parsed) ? parsed : throw RegistryError.DigestInvalid("the digest is malformed");
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            RegistryAnswer.Empty(context, repository.RemoveBlob(digest) ? StatusCodes.Status202Accepted : throw RegistryError.BlobUnknown);
            return;
        }

        bool isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method))
        {
            throw RegistryError.Unsupported;
        }

        // Manifests are content too, and some clients ask for them here.
        if (!repository.HoldsBlob(digest) && repository.FindManifest(digest) is null)
        {
            throw RegistryError.BlobUnknown;
        }

        FileStream blob = repository.OpenBlob(digest);
        await using (blob.ConfigureAwait(false))
        {
            await SendAsync(context, blob, digest, isHead).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(HttpContext context, FileStream blob, Digest digest, bool isHead)
    {
        HttpResponse response = context.Response;
        response.ContentType = MediaTypes.OctetStream;
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        response.Headers.AcceptRanges = "bytes";
        long length = blob.Length;
        ByteRange? range = isHead ? null : ByteRange.Parse(context.Request.Headers.Range, length);
        if (range is { LengthBytes: 0 })
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            RegistryAnswer.Empty(context, StatusCodes.Status416RangeNotSatisfiable);
            return;
        }

        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.Offset}-{part.Offset + part.LengthBytes - 1}/{length}");
        }

        (long offset, response.ContentLength) = range is { } asked ? (asked.Offset, asked.LengthBytes) : (0, length);
        if (!isHead)
        {
            await response.SendFileAsync(blob.Name, offset, response.ContentLength, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
