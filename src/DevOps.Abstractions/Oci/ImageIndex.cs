using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>An image index: manifests, most often one for each platform.</summary>
/// <remarks>Reads OCI indexes and Docker manifest lists. Source: OCI image-spec 1.1, image-index.md.</remarks>
public sealed class ImageIndex : ManifestDocument
{
    private const string What = "image index";

    private ImageIndex(ReadOnlyMemory<byte> rawBytes, JsonObject tree, string mediaType) : base(rawBytes, tree, mediaType, What)
        => Manifests = tree.Descriptors("manifests", What);

    /// <summary>Gets the descriptors of the manifests, in order of preference.</summary>
    public ImmutableArray<Descriptor> Manifests { get; }

    /// <inheritdoc/>
    public override ImmutableArray<Descriptor> Children => Manifests;

    /// <summary>Reads an index.</summary>
    /// <param name="bytes">The exact bytes; they are copied.</param>
    /// <param name="mediaType">The media type that the bytes came with, or <see langword="null"/> if none did.</param>
    /// <exception cref="InvalidContentException">The document breaks its specification, or is not of that media type.</exception>
    public static new ImageIndex Parse(ReadOnlyMemory<byte> bytes, string? mediaType = null)
    {
        (ReadOnlyMemory<byte> copy, JsonObject tree) = Read(bytes, What);
        return new(copy, tree, CheckKind(tree, mediaType, MediaTypes.ImageIndex, MediaTypes.IsImageIndex, What));
    }

    /// <summary>Writes a new OCI index.</summary>
    /// <param name="manifests">The manifests, in order of preference.</param>
    public static ImageIndex Create(params IEnumerable<Descriptor> manifests)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        return Parse(OciJson.Write(new() { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.ImageIndex, ["manifests"] = OciJson.ArrayOf(manifests) }));
    }

    /// <summary>Returns an index with some of the tree changed and every other member kept.</summary>
    /// <param name="edit">Changes a copy of the tree.</param>
    /// <exception cref="InvalidContentException">The result breaks the specification.</exception>
    public ImageIndex Edit(Action<JsonObject> edit)
    {
        (ReadOnlyMemory<byte> bytes, JsonObject tree) = Edited(edit, What);
        return new(bytes, tree, CheckKind(tree, null, MediaType, MediaTypes.IsImageIndex, What));
    }

    /// <summary>Returns the manifest for a platform, or <see langword="null"/>: the first that has exactly the variant asked for, else the first that has any; attestations (platform <c>unknown/unknown</c>) are never chosen.</summary>
    /// <param name="platform">The platform that is asked for.</param>
    public Descriptor? FindManifest(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        Descriptor[] accepted = [.. Manifests.Where(manifest => manifest.Platform is { Os: not "unknown" } candidate && platform.Accepts(candidate))];

        // Who asks for no variant should not get a finer one that happens to stand first.
        return accepted.FirstOrDefault(manifest => manifest.Platform!.Variant == platform.Variant) ?? accepted.FirstOrDefault();
    }
}
