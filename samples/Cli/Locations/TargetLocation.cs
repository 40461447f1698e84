using DevOps.Content;
using DevOps.Docker;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>Builds or copies an image to a place.</summary>
internal static class TargetLocation
{
    /// <summary>Builds an image into a place: its layers go there while they are made, where the place can take them so.</summary>
    internal static async Task<StoredImage> BuildAsync(
        ImageBuilder builder, ImageBuildOptions build, ImageReference? name, Location target, RegistryClient registry, Output output, CancellationToken cancellationToken)
    {
        using TransferProgress progress = new(output);
        StoredImage stored = await WithStoreAsync(
            target,
            name,
            registry,
            async (store, tag, copy) =>
            {
                if (store is IContentReceiver && target is not Location.Remote { Reference.Digest: not null })
                {
                    return await builder.SaveAsync(store, tag, registry, build, progress, progress, cancellationToken: cancellationToken);
                }

                // Whether it is the image that a target names by its digest is known only when it is built, and nothing may be sent before.
                await using BuiltImage image = await builder.BuildAsync(registry, build, progress, cancellationToken);
                progress.Plan([image.Descriptor, .. image.Manifest.Children]);
                CopyResult copied = await image.CopyAsync(CheckDigest(image.Descriptor, target), store, tag, copy, progress, cancellationToken);
                return new StoredImage { Manifest = image.Manifest, Config = image.Config, Layers = image.Layers, Copy = copied };
            },
            cancellationToken);
        progress.Complete();
        return stored;
    }

    /// <summary>Plans a copy, and makes it if <paramref name="decide"/> says so.</summary>
    internal static async Task<CopyResult?> CopyToAsync(
        SourceLocation source, ImageReference? name, Location target, CopyPlanOptions options, Func<CopyPlan, bool> decide, RegistryClient registry, Output output, CancellationToken cancellationToken)
    {
        using TransferProgress progress = new(output);
        CopyResult? result = await WithStoreAsync(
            target,
            name,
            registry,
            async (store, tag, copy) =>
            {
                CopyPlan plan = await source.Source.PlanCopyAsync(source.Root, store, tag, options with { Copy = copy }, cancellationToken);
                _ = CheckDigest(plan.Root, target);
                progress.Plan(plan.Moves);
                return decide(plan) ? await plan.ExecuteAsync(progress, cancellationToken) : null;
            },
            cancellationToken);
        if (result is not null)
        {
            progress.Complete();
        }

        return result;
    }

    /// <summary>Says whether looking at a target changes it: an archive is a new file from its first byte.</summary>
    internal static bool IsWrittenByLooking(Location target) => target is Location.Archive;

    private static async Task<T> WithStoreAsync<T>(
        Location target, ImageReference? name, RegistryClient registry, Func<IContentStore, string?, CopyOptions, Task<T>> work, CancellationToken cancellationToken)
    {
        switch (target)
        {
            case Location.Layout layout:
                using (OciLayout store = new(layout.Path))
                {
                    return await work(store, layout.Tag, CopyOptions.Default);
                }

            case Location.Archive archive:
                await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(archive.Path, name))
                {
                    // One at a time, so that the archive has the same bytes each time.
                    T result = await work(writer, null, new() { MaxConcurrency = 1 });
                    await writer.CompleteAsync(cancellationToken);
                    return result;
                }

            default:
                ImageReference wanted = ((Location.Remote)target).Reference;
                string? tag = wanted.Digest is null ? wanted.Tag ?? ImageReference.DefaultTag : wanted.Tag;
                return await work(registry.GetRepository(wanted.Registry, wanted.Repository), tag, CopyOptions.Default);
        }
    }

    private static Descriptor CheckDigest(Descriptor root, Location target) => target is Location.Remote { Reference.Digest: { } digest } && digest != root.Digest
        ? throw new UsageException($"The target names {digest}, and the image is {root.Digest}. Leave the digest away, or give a tag.")
        : root;
}
