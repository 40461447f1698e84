using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Serves, takes and forgets manifests.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pulling manifests", "Pushing Manifests", "Deleting tags" and "Deleting Manifests".</remarks>
internal static class ManifestEndpoint
{
    internal static Task HandleAsync(HttpContext context, RepositoryFolder repository, string reference, RegistryGuard guard)
    {
        Digest? digest = Digest.TryParse(reference, out Digest? parsed) ? parsed : null;
        return context.Request.Method switch
        {
            "GET" or "HEAD" => SendAsync(context, repository, reference, digest),
            "PUT" => TakeAsync(context, repository, reference, digest, guard),
            "DELETE" => RemoveAsync(context, repository, reference, digest),
            _ => throw RegistryError.Unsupported,
        };
    }

    private static async Task SendAsync(HttpContext context, RepositoryFolder repository, string reference, Digest? digest)
    {
        digest ??= ImageReference.IsTag(reference) ? repository.FindTag(reference) : null;
        if (digest is null || repository.FindManifest(digest) is not { } mediaType)
        {
            throw RegistryError.ManifestUnknown;
        }

        byte[] bytes;
        FileStream file = repository.OpenBlob(digest);
        await using (file.ConfigureAwait(false))
        {
            bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }

        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        await RegistryAnswer.JsonAsync(context, StatusCodes.Status200OK, mediaType, bytes).ConfigureAwait(false);
    }

    private static async Task TakeAsync(HttpContext context, RepositoryFolder repository, string reference, Digest? digest, RegistryGuard guard)
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
        CheckChildren(manifest, repository);
        using (await guard.EnterTagsAsync(context, repository, tags, actual).ConfigureAwait(false))
        {
            await repository.AddManifestAsync(manifest, actual, tags, context.RequestAborted).ConfigureAwait(false);
        }

        context.Response.Headers.Location = $"/v2/{repository.Name}/manifests/{actual}";
        context.Response.Headers["Docker-Content-Digest"] = actual.ToString();
        if (manifest.Subject is { } subject)
        {
            context.Response.Headers["OCI-Subject"] = subject.Digest.ToString();
        }

        if (digest is not null && tags.Length > 0)
        {
            context.Response.Headers["OCI-Tag"] = tags;
        }

        RegistryAnswer.Empty(context, StatusCodes.Status201Created);
    }

    private static async Task RemoveAsync(HttpContext context, RepositoryFolder repository, string reference, Digest? digest)
    {
        bool removed = digest is not null
            ? await repository.RemoveManifestAsync(digest, context.RequestAborted).ConfigureAwait(false)
            : ImageReference.IsTag(reference) && repository.RemoveTag(reference);
        RegistryAnswer.Empty(context, removed ? StatusCodes.Status202Accepted : throw RegistryError.ManifestUnknown);
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
    private static void CheckChildren(ManifestDocument manifest, RepositoryFolder repository)
    {
        foreach (Descriptor child in manifest.Children)
        {
            bool held = MediaTypes.IsNonDistributable(child.MediaType) || repository.HoldsBlob(child.Digest) || repository.FindManifest(child.Digest) is not null;
            if (!held)
            {
                throw new RegistryError(StatusCodes.Status404NotFound, "MANIFEST_BLOB_UNKNOWN", $"the repository does not hold {child.Digest}, which the manifest names");
            }
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 14];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            if (bytes.Length + read > OciDocument.MaxLengthBytes)
            {
                throw new RegistryError(StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", $"a manifest has at most {OciDocument.MaxLengthBytes} bytes");
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
