using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>A place that was opened for reading, and the image in it.</summary>
internal sealed record SourceLocation(IContentSource Source, Descriptor Root, ImageReference? Name)
{
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
                ImageReference wanted = ((Location.Remote)location).Reference;
                (IRepository repository, Descriptor root) = await registry.ResolveAsync(wanted, cancellationToken);
                return new(repository, root, wanted);
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

        return index.Manifests.DistinctBy(manifest => manifest.Digest).ToArray() is [var only]
            ? only
            : throw new DevOpsException($"{layout} holds {index.Manifests.Length} images. Name one by its tag: oci:PATH:TAG.");
    }
}
