using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Serves, takes and forgets manifests.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling manifests", "Pushing Manifests", "Deleting tags" and "Deleting Manifests".</remarks>
internal static class ManifestEndpoint
{
    internal static Task HandleAsync(HttpContext context, RepositoryFolder repository, string reference, RegistryEndpointOptions options, RegistryGuard guard, RegistryWatch watch)
    {
        Digest? digest = Digest.TryParse(reference, out Digest? parsed) ? parsed : null;
        return context.Request.Method switch
        {
            "GET" or "HEAD" => SendAsync(context, repository, reference, digest, watch),
            "PUT" => TakeAsync(context, repository, reference, digest, options, guard, watch),
            "DELETE" => RemoveAsync(context, repository, reference, digest, options, watch),
            _ => throw RegistryError.Unsupported,
        };
    }

    private static async Task SendAsync(HttpContext context, RepositoryFolder repository, string reference, Digest? digest, RegistryWatch watch)
    {
        string? tag = digest is null && ImageReference.IsTag(reference) ? reference : null;
        digest ??= tag is null ? null : repository.FindTag(tag);
        if (digest is null || repository.FindManifest(digest) is not { } mediaType)
        {
            throw RegistryError.ManifestUnknown;
        }

        ReadOnlyMemory<byte> bytes = await repository.ReadManifestAsync(digest, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        await RegistryAnswer.JsonAsync(context, StatusCodes.Status200OK, mediaType, bytes).ConfigureAwait(false);
        if (HttpMethods.IsGet(context.Request.Method))
        {
            watch.Report(context, new(RegistryEventKind.ManifestPulled, repository.Name) { Digest = digest, Tags = tag is null ? [] : [tag], LengthBytes = bytes.Length });
        }
    }

    private static async Task TakeAsync(HttpContext context, RepositoryFolder repository, string reference, Digest? digest, RegistryEndpointOptions options, RegistryGuard guard, RegistryWatch watch)
    {
        string[] tags = [.. context.Request.Query["tag"].OfType<string>()];
        if (digest is null)
        {
            tags = ImageReference.IsTag(reference) ? [reference, .. tags] : throw RegistryError.ManifestInvalid("the reference is neither a tag nor a digest");
        }

        if (tags.FirstOrDefault(tag => !ImageReference.IsTag(tag)) is not null)
        {
            throw RegistryError.ManifestInvalid("a tag is malformed");
        }

        byte[] bytes = await ReadBodyAsync(context).ConfigureAwait(false);
        Digest actual = Digest.Compute(bytes, digest?.Algorithm ?? DigestAlgorithm.Sha256);
        if (digest is not null && actual != digest)
        {
            throw RegistryError.DigestInvalid($"the bytes that came are {actual}");
        }

        ManifestDocument manifest = Parse(bytes, context.Request.ContentType);
        CheckChildren(manifest, repository, options);
        if (RepositoryFolder.AsReferrer(manifest, actual) is { } referrer && !ListEndpoint.CanList(referrer))
        {
            throw new RegistryError(StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", "the annotations of a manifest with a subject stand in a list, and these are too long for one");
        }

        if (!await TryAddAsync(context, repository, manifest, actual, tags, Existing.Keep).ConfigureAwait(false))
        {
            // Asked while nobody waits for the names: an authorizer takes as long as it takes.
            await guard.DemandOverwriteAsync(context, repository.Name).ConfigureAwait(false);
            await TryAddAsync(context, repository, manifest, actual, tags, Existing.Overwrite).ConfigureAwait(false);
        }

        context.Response.Headers.Location = RegistryLink.To(context, $"{repository.Name}/manifests/{actual}");
        context.Response.Headers["Docker-Content-Digest"] = actual.ToString();
        if (manifest.Subject is { } subject)
        {
            context.Response.Headers["OCI-Subject"] = subject.Digest.ToString();
        }

        if (digest is not null && tags.Length > 0)
        {
            context.Response.Headers["OCI-Tag"] = tags;
        }

        watch.Report(context, new(RegistryEventKind.ManifestPushed, repository.Name) { Digest = actual, Tags = [.. tags], LengthBytes = bytes.Length });
        RegistryAnswer.Empty(context, StatusCodes.Status201Created);
    }

    private static async Task<bool> TryAddAsync(HttpContext context, RepositoryFolder repository, ManifestDocument manifest, Digest digest, string[] tags, Existing existing)
    {
        using IDisposable visit = await repository.EnterNamesAsync(context.RequestAborted).ConfigureAwait(false);
        bool isChange = tags.Any(tag => repository.FindTag(tag) is { } held && held != digest) || (repository.FindManifest(digest) is { } mediaType && mediaType != manifest.MediaType);
        if (isChange && existing is Existing.Keep)
        {
            return false;
        }

        await repository.AddManifestAsync(manifest, digest, tags, context.RequestAborted).ConfigureAwait(false);
        return true;
    }

    private static async Task RemoveAsync(HttpContext context, RepositoryFolder repository, string reference, Digest? digest, RegistryEndpointOptions options, RegistryWatch watch)
    {
        if (!repository.Exists || (digest is null && !ImageReference.IsTag(reference)))
        {
            throw RegistryError.ManifestUnknown;
        }

        using IDisposable visit = await repository.EnterNamesAsync(context.RequestAborted).ConfigureAwait(false);
        string[] tags = [];
        if (digest is not null)
        {
            tags = [.. repository.FindTags(digest)];
            WritePolicy.Demand(options, tags.Length > 0 ? RegistryDeletions.Tags : RegistryDeletions.None);
        }

        bool removed = digest is not null
            ? await repository.RemoveManifestAsync(digest, tags, context.RequestAborted).ConfigureAwait(false)
            : repository.RemoveTag(reference);
        if (!removed)
        {
            throw RegistryError.ManifestUnknown;
        }

        watch.Report(context, digest is null
            ? new(RegistryEventKind.TagDeleted, repository.Name) { Tags = [reference] }
            : new(RegistryEventKind.ManifestDeleted, repository.Name) { Digest = digest, Tags = [.. tags] });
        RegistryAnswer.Empty(context, StatusCodes.Status202Accepted);
    }

    private static ManifestDocument Parse(byte[] bytes, string? contentType)
    {
        string mediaType = contentType?.Split(';')[0].Trim() ?? "";
        try
        {
            return ManifestDocument.Parse(bytes, mediaType);
        }
        catch (InvalidContentException e)
        {
            throw RegistryError.ManifestInvalid(e.Reason);
        }
    }

    // A manifest that points into the void would be found out by whoever pulls it. A subject may come later, and some layers are never pushed.
    private static void CheckChildren(ManifestDocument manifest, RepositoryFolder repository, RegistryEndpointOptions options)
    {
        if (manifest is ImageIndex && options.WhenIndexIsSparse is SparseIndex.Accept)
        {
            return;
        }

        foreach (Descriptor child in manifest.Children)
        {
            // Asked first: a layer from elsewhere that is here all the same is wanted too.
            bool isHeld = repository.WantsBlob(child.Digest) || MediaTypes.IsNonDistributable(child.MediaType) || repository.FindManifest(child.Digest) is not null;
            if (!isHeld)
            {
                throw new RegistryError(StatusCodes.Status404NotFound, "MANIFEST_BLOB_UNKNOWN", $"the repository does not hold {child.Digest}, which the manifest names");
            }
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 14];
        long length = 0;
        int read;
        while (length <= 2 * OciDocument.MaxLengthBytes && (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length <= OciDocument.MaxLengthBytes)
            {
                bytes.Write(buffer, 0, read);
            }
        }

        if (length > OciDocument.MaxLengthBytes)
        {
            RegistryError error = new(StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", $"a manifest has at most {OciDocument.MaxLengthBytes} bytes");
            throw length > 2 * OciDocument.MaxLengthBytes ? await CutOffAsync(context, error).ConfigureAwait(false) : error;
        }

        return bytes.ToArray();
    }

    // Who sent all hears of it on a connection that stays. The server would listen for seconds more to who goes on, and take whatever comes.
    private static async Task<Exception> CutOffAsync(HttpContext context, RegistryError error)
    {
        await error.WriteAsync(context).ConfigureAwait(false);
        await context.Response.CompleteAsync().ConfigureAwait(false);
        context.Abort();
        context.RequestAborted = new(canceled: true);
        return new OperationCanceledException(error.Message, context.RequestAborted);
    }

    private enum Existing
    {
        Keep,
        Overwrite,
    }
}
