using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>Copies an image to a place.</summary>
internal static class TargetLocation
{
    internal static async Task<CopyResult> CopyToAsync(
        IContentSource source, Descriptor root, ImageReference? name, Location target, RegistryClient registry, Output output, CancellationToken cancellationToken)
    {
        CopyProgress progress = new(output);
        switch (target)
        {
            case Location.Layout layout:
                using (OciLayout store = new(layout.Path))
                {
                    return await source.CopyAsync(root, store, layout.Tag, progress: progress, cancellationToken: cancellationToken);
                }

            case Location.Archive archive:
                await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(archive.Path, name))
                {
                    // One at a time, so that the archive has the same bytes each time.
                    CopyResult result = await source.CopyAsync(root, writer, options: new() { MaxConcurrency = 1 }, progress: progress, cancellationToken: cancellationToken);
                    await writer.CompleteAsync(cancellationToken);
                    return result;
                }

            default:
                ImageReference wanted = ((Location.Remote)target).Reference;
                if (wanted.Digest is { } digest && digest != root.Digest)
                {
                    throw new UsageException($"The target names {digest}, and the image is {root.Digest}. Leave the digest away, or give a tag.");
                }

                string? tag = wanted.Digest is null ? wanted.Tag ?? ImageReference.DefaultTag : wanted.Tag;
                return await source.CopyAsync(root, registry.GetRepository(wanted.Registry, wanted.Repository), tag, progress: progress, cancellationToken: cancellationToken);
        }
    }
}
