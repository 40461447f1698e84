using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>A place that was opened for reading, and the image in it.</summary>
internal sealed record SourceLocation(IContentSource Source, Descriptor Root, ImageReference? Name)
{
    private const int MaxTags = 10;

    internal static async Task<SourceLocation> OpenAsync(Location location, RegistryClient registry, CancellationToken cancellationToken)
    {
        switch (location)
        {
            case Location.Layout layout:
                OciLayout store = new(layout.Path);
                return new(store, await FindAsync(store, layout.Tag, cancellationToken), null);
            case Location.Archive archive:
                DockerArchive opened = await DockerArchive.OpenAsync(archive.Path, cancellationToken);
                return opened.Images is [var image]
                    ? new(opened, image.Manifest, image.Names is [var name, ..] && ImageReference.TryParse(name, out ImageReference? reference) ? reference : null)
                    : throw new DevOpsException($"{opened} holds {opened.Images.Length} images: {string.Join(", ", opened.Images.Select(i => i.Names.FirstOrDefault() ?? i.Manifest.Digest.ToString()))}. Save one of them to an archive of its own.");
            default:
                return await RegistryReference.OpenAsync((Location.Remote)location, registry, cancellationToken);
        }
    }

    private static async Task<Descriptor> FindAsync(OciLayout layout, string? tag, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(layout.Path))
        {
            throw new DirectoryNotFoundException($"The OCI layout '{layout.Path}' does not exist. Check the path.");
        }

        ImageIndex index = await layout.ReadIndexAsync(cancellationToken);
        if (tag is not null)
        {
            return await layout.ResolveAsync(tag, cancellationToken) ?? throw new ContentNotFoundException(layout.ToString(), $"the tag '{tag}'");
        }

        Descriptor[] listed = [.. index.Manifests.DistinctBy(manifest => manifest.Digest)];
        return await WithoutReferrersAsync(layout, listed, cancellationToken) is [var only]
            ? only
            : throw new DevOpsException($"{layout} holds {listed.Length} images. {(listed.Length == 0 ? "Copy one into it first." : $"Name one by its tag: oci:PATH:TAG. Its tags are {await TagsAsync(layout, cancellationToken)}.")}");
    }

    // What refers to an image beside it is listed too, as nothing else keeps it.
    private static async Task<IReadOnlyList<Descriptor>> WithoutReferrersAsync(OciLayout layout, Descriptor[] listed, CancellationToken cancellationToken)
    {
        if (listed.Length < 2)
        {
            return listed;
        }

        HashSet<Digest> digests = [.. listed.Select(manifest => manifest.Digest)];
        List<Descriptor> images = [];
        foreach (Descriptor manifest in listed)
        {
            if (!MediaTypes.IsManifest(manifest.MediaType) || (await layout.ReadManifestAsync(manifest, cancellationToken)).Subject is not { } subject || !digests.Contains(subject.Digest))
            {
                images.Add(manifest);
            }
        }

        return images;
    }

    private static async Task<string> TagsAsync(OciLayout layout, CancellationToken cancellationToken)
    {
        string[] tags = [.. await layout.ListTagsAsync(cancellationToken).Take(MaxTags + 1).ToArrayAsync(cancellationToken)];
        return tags.Length == 0 ? "none" : string.Join(", ", tags.Take(MaxTags)) + (tags.Length > MaxTags ? " and more" : "");
    }
}
