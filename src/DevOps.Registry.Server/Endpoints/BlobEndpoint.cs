using System.Globalization;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Registry.Server;

/// <summary>Serves and forgets blobs.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling blobs" and "Deleting Blobs".</remarks>
internal static class BlobEndpoint
{
    private const int BufferBytes = BlockPool.LargeBytes;

    internal static async Task HandleAsync(HttpContext context, RepositoryFolder repository, string item, RegistryEndpointOptions options, RegistryWatch watch)
    {
        Digest digest = Digest.TryParse(item, out Digest? parsed) ? parsed : throw RegistryError.DigestInvalid("the digest is malformed");
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            if (!repository.RemoveBlob(digest))
            {
                throw RegistryError.BlobUnknown;
            }

            watch.Report(context, new(RegistryEventKind.BlobDeleted, repository.Name) { Digest = digest });
            RegistryAnswer.Empty(context, StatusCodes.Status202Accepted);
            return;
        }

        bool isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method))
        {
            throw RegistryError.Unsupported;
        }

        // Who asks whether a blob is there may not upload it then. Manifests are content too, and some clients ask for them here.
        bool isHeld = isHead && options.Mode is RegistryMode.ReadWrite ? repository.WantsBlob(digest) : repository.HoldsBlob(digest);
        FileInfo blob = repository.GetBlob(digest);
        if ((!isHeld && repository.FindManifest(digest) is null) || !blob.Exists)
        {
            throw RegistryError.BlobUnknown;
        }

        long sent = await SendAsync(context, blob, digest, isHead).ConfigureAwait(false);
        if (!isHead && context.Response.StatusCode != StatusCodes.Status416RangeNotSatisfiable)
        {
            watch.Report(context, new(RegistryEventKind.BlobPulled, repository.Name) { Digest = digest, LengthBytes = sent });
        }
    }

    private static async Task<long> SendAsync(HttpContext context, FileInfo blob, Digest digest, bool isHead)
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
            return 0;
        }

        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.Offset}-{part.Offset + part.LengthBytes - 1}/{length}");
        }

        (long offset, long count) = range is { } asked ? (asked.Offset, asked.LengthBytes) : (0, length);
        response.ContentLength = count;
        if (!isHead)
        {
            await CopyAsync(blob.FullName, offset, count, response, context.RequestAborted).ConfigureAwait(false);
        }

        return count;
    }

    // The server's own way of sending a file reads 16 KiB at a time. Reads go straight into what the connection sends from; while it sends, the next is read.
    private static async Task CopyAsync(string path, long offset, long count, HttpResponse response, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous | FileOptions.SequentialScan);

        // Before the headers are on their way, the writer lends memory that is copied once more.
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        while (count > 0)
        {
            Memory<byte> memory = response.BodyWriter.GetMemory((int)Math.Min(count, BufferBytes));
            int read = await RandomAccess.ReadAsync(file, memory[..(int)Math.Min(count, memory.Length)], offset, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{path}' is {count} bytes shorter than it was.");
            }

            response.BodyWriter.Advance(read);
            await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
            offset += read;
            count -= read;
        }
    }
}
