using System.Globalization;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Takes blobs: in one request, in a request after another, in chunks, or from another repository.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing blobs".</remarks>
internal static class UploadEndpoint
{
    internal static async Task StartAsync(HttpContext context, RegistryStorage storage, RepositoryFolder repository, RegistryEndpointOptions options, RegistryGuard guard, RegistryWatch watch)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            throw RegistryError.Unsupported;
        }

        IQueryCollection query = context.Request.Query;
        if (Digest.TryParse(query["mount"], out Digest? mounted) && await BlobMount.MayTakeAsync(context, storage, options, guard, mounted).ConfigureAwait(false))
        {
            repository.AddBlob(mounted);
            watch.Report(context, new(RegistryEventKind.BlobMounted, repository.Name) { Digest = mounted, LengthBytes = repository.GetBlob(mounted).Length });
            Created(context, repository, mounted);
            return;
        }

        if (ExpectedDigest(query) is { } digest)
        {
            Upload whole = storage.Uploads.CreateForOneRequest(digest.Algorithm);
            try
            {
                await CompleteAsync(context, storage, repository, whole, digest, watch, context.RequestAborted).ConfigureAwait(false);
            }
            finally
            {
                // Nobody could go on with what a broken connection left.
                whole.Cancel();
            }

            return;
        }

        // The word is a hint: the digest that comes at the end decides.
        DigestAlgorithm algorithm = query["digest-algorithm"] == "sha512" ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;
        Upload upload = storage.Uploads.TryCreate(repository.Name, algorithm, options.MaxOpenUploads) ?? throw RegistryError.TooManyUploads;
        Progress(context, repository, upload, StatusCodes.Status202Accepted);
    }

    internal static async Task ContinueAsync(HttpContext context, RegistryStorage storage, RepositoryFolder repository, string id, RegistryWatch watch)
    {
        Upload upload = storage.Uploads.Find(repository.Name, id) ?? throw RegistryError.UploadUnknown;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            // Whoever lost a connection asks at once, when the request that lost it may not have ended yet.
            Progress(context, repository, upload, StatusCodes.Status204NoContent);
            return;
        }

        if (HttpMethods.IsDelete(context.Request.Method))
        {
            await EndAsync(context, storage, repository, id).ConfigureAwait(false);
            return;
        }

        using UploadVisit visit = storage.Uploads.TryEnter(id) ?? throw RegistryError.UploadBusy;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, visit.Stopped);
        try
        {
            await WriteAsync(context, storage, repository, upload, watch, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (visit.Stopped.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw RegistryError.UploadUnknown;
        }
    }

    private static async Task WriteAsync(HttpContext context, RegistryStorage storage, RepositoryFolder repository, Upload upload, RegistryWatch watch, CancellationToken cancellationToken)
    {
        switch (context.Request.Method)
        {
            case "PATCH":
                if (IsNext(context, upload))
                {
                    await upload.AppendAsync(context.Request.BodyReader, context.Request.ContentLength, cancellationToken).ConfigureAwait(false);
                    Progress(context, repository, upload, StatusCodes.Status202Accepted);
                    return;
                }

                Progress(context, repository, upload, StatusCodes.Status416RangeNotSatisfiable);
                return;
            case "PUT":
                Digest digest = ExpectedDigest(context.Request.Query) ?? throw RegistryError.DigestInvalid("the digest of the blob is missing");
                if (IsNext(context, upload))
                {
                    await CompleteAsync(context, storage, repository, upload, digest, watch, cancellationToken).ConfigureAwait(false);
                    return;
                }

                Progress(context, repository, upload, StatusCodes.Status416RangeNotSatisfiable);
                return;
            default:
                throw RegistryError.Unsupported;
        }
    }

    // Whoever gives up a push ends its upload at once, when the request that brought it may not have ended yet. It may not wait for the answer either.
    private static async Task EndAsync(HttpContext context, RegistryStorage storage, RepositoryFolder repository, string id)
    {
        using UploadVisit visit = await storage.Uploads.TakeOverAsync(id).ConfigureAwait(false);

        // What came first stays: the request may have made a blob of it.
        (storage.Uploads.Find(repository.Name, id) ?? throw RegistryError.UploadUnknown).Cancel();
        RegistryAnswer.Empty(context, StatusCodes.Status204NoContent);
    }

    private static async Task CompleteAsync(HttpContext context, RegistryStorage storage, RepositoryFolder repository, Upload upload, Digest digest, RegistryWatch watch, CancellationToken cancellationToken)
    {
        Digest actual = await upload.CompleteAsync(context.Request.BodyReader, context.Request.ContentLength, digest, storage, cancellationToken).ConfigureAwait(false);
        if (actual != digest)
        {
            throw RegistryError.DigestInvalid($"the bytes that came are {actual}");
        }

        repository.AddBlob(digest);
        watch.Report(context, new(RegistryEventKind.BlobPushed, repository.Name) { Digest = digest, LengthBytes = repository.GetBlob(digest).Length });
        Created(context, repository, digest);
    }

    private static Digest? ExpectedDigest(IQueryCollection query) =>
        query["digest"] is not [{ } text, ..] ? null
        : Digest.TryParse(text, out Digest? digest) ? digest
        : throw RegistryError.DigestInvalid("the digest is malformed, or of an algorithm other than sha256 and sha512");

    // A chunk says which bytes it is; without a word, it is the next.
    private static bool IsNext(HttpContext context, Upload upload)
    {
        string? range = context.Request.Headers.ContentRange;
        if (string.IsNullOrEmpty(range))
        {
            return true;
        }

        string[] ends = range.Split('-');
        return ends.Length == 2
            && long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && first == upload.LengthBytes
            && (context.Request.ContentLength is not { } length || length == last - first + 1);
    }

    private static void Progress(HttpContext context, RepositoryFolder repository, Upload upload, int status)
    {
        context.Response.Headers.Location = RegistryLink.To(context, $"{repository.Name}/blobs/uploads/{upload.Id}");
        context.Response.Headers["Docker-Upload-UUID"] = upload.Id;
        context.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, upload.LengthBytes - 1)}");
        RegistryAnswer.Empty(context, status);
    }

    private static void Created(HttpContext context, RepositoryFolder repository, Digest digest)
    {
        context.Response.Headers.Location = RegistryLink.To(context, $"{repository.Name}/blobs/{digest}");
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        RegistryAnswer.Empty(context, StatusCodes.Status201Created);
    }
}
