using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Where an image starts: nothing, a reference, or something in a store. Found only when an image is built.</summary>
internal abstract record BaseImage
{
    internal sealed record Nothing : BaseImage;

    internal sealed record Referenced(ImageReference Reference) : BaseImage;

    internal sealed record Stored(IContentSource Source, Descriptor Root) : BaseImage;

    internal async Task<ResolvedBase> ResolveAsync(IRepositoryProvider? repositories, Platform platform, CancellationToken cancellationToken)
    {
        switch (this)
        {
            case Stored stored:
                return await ReadAsync(stored.Source, stored.Root, null, platform, cancellationToken).ConfigureAwait(false);
            case Referenced { Reference: var reference }:
                if (repositories is null)
                {
                    throw new InvalidOperationException($"The base '{reference}' is in a registry, and BuildAsync was given no client to reach one: pass a RegistryClient.");
                }

                (IRepository repository, Descriptor root) = await repositories.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
                return await ReadAsync(repository, root, reference, platform, cancellationToken).ConfigureAwait(false);
            default:
                return new(null, ImageConfig.ForPlatform(platform), [], null, null);
        }
    }

    private static async Task<ResolvedBase> ReadAsync(
        IContentSource source, Descriptor root, ImageReference? reference, Platform platform, CancellationToken cancellationToken)
    {
        string name = reference?.ToString() ?? root.Digest.ToString();
        ManifestDocument document = await source.ReadManifestAsync(root, cancellationToken).ConfigureAwait(false);
        for (int depth = 0; document is ImageIndex index; depth++)
        {
            Descriptor chosen = index.FindManifest(platform) ?? throw new DevOpsException(
                $"The base '{name}' has no image for {platform}; it has {string.Join(", ", index.Manifests.Select(m => m.Platform?.ToString() ?? "an unnamed platform").Distinct())}. "
                + "Choose one of these, or another base.");
            document = depth < 4
                ? await source.ReadManifestAsync(chosen, cancellationToken).ConfigureAwait(false)
                : throw new InvalidContentException($"base '{name}'", "its indexes nest too deep");
        }

        ImageManifest manifest = (ImageManifest)document;
        ImageConfig config = await source.ReadConfigAsync(manifest.Config, cancellationToken).ConfigureAwait(false);
        if (config.DiffIds.Length != manifest.Layers.Length)
        {
            throw new InvalidContentException($"base '{name}'", $"its manifest has {manifest.Layers.Length} layers and its config {config.DiffIds.Length} diffIDs");
        }

        if (!platform.Accepts(config.Platform))
        {
            throw new DevOpsException($"The base '{name}' is for {config.Platform}, not for {platform}. Choose that platform, or another base.");
        }

        return new(source, config, manifest.Layers, reference, manifest);
    }
}

/// <summary>A base that was found: its configuration and layers, and where its content is.</summary>
internal sealed record ResolvedBase(IContentSource? Source, ImageConfig Config, ImmutableArray<Descriptor> Layers, ImageReference? Reference, ImageManifest? Manifest)
{
    /// <summary>Gets whether the base speaks Docker's media types; its image then does so throughout, as registries want.</summary>
    internal bool IsDocker => Manifest?.MediaType == MediaTypes.DockerManifest;
}
