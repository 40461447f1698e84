using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>An image manifest: a configuration and the layers, in order from the base up.</summary>
/// <remarks>Reads OCI and Docker manifests. Source: OCI image-spec 1.1, manifest.md.</remarks>
public sealed class ImageManifest : ManifestDocument
{
    private const string What = "image manifest";

    private ImageManifest(ReadOnlyMemory<byte> rawBytes, JsonObject tree, string mediaType) : base(rawBytes, tree, mediaType, What)
    {
        Config = DescriptorJson.Read(tree.Object("config", What) ?? throw new InvalidContentException(What, "it has no config"), What + ", config");
        Layers = tree.Descriptors("layers", What);
    }

    /// <summary>Gets the descriptor of the configuration.</summary>
    public Descriptor Config { get; }

    /// <summary>Gets the descriptors of the layers, the base first.</summary>
    public ImmutableArray<Descriptor> Layers { get; }

    /// <inheritdoc/>
    public override ImmutableArray<Descriptor> Children => [Config, .. Layers];

    /// <summary>Reads a manifest.</summary>
    /// <param name="bytes">The exact bytes; they are copied.</param>
    /// <param name="mediaType">The media type that the bytes came with, or <see langword="null"/> if none did.</param>
    /// <exception cref="InvalidContentException">The document breaks its specification, or is not of that media type.</exception>
    public static new ImageManifest Parse(ReadOnlyMemory<byte> bytes, string? mediaType = null)
    {
        (ReadOnlyMemory<byte> copy, JsonObject tree) = Read(bytes, What);
        return new(copy, tree, CheckKind(tree, mediaType, MediaTypes.ImageManifest, MediaTypes.IsImageManifest, What));
    }

    /// <summary>Writes a new OCI manifest.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layers">The layers, the base first.</param>
    public static ImageManifest Create(Descriptor config, params IEnumerable<Descriptor> layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(layers);
        return Parse(OciJson.Write(new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.ImageManifest,
            ["config"] = config.ToJson(),
            ["layers"] = OciJson.ArrayOf(layers),
        }));
    }

    /// <summary>Returns a manifest with some of the tree changed and every other member kept.</summary>
    /// <param name="edit">Changes a copy of the tree.</param>
    /// <exception cref="InvalidContentException">The result breaks the specification.</exception>
    public ImageManifest Edit(Action<JsonObject> edit)
    {
        (ReadOnlyMemory<byte> bytes, JsonObject tree) = Edited(edit, What);
        return new(bytes, tree, CheckKind(tree, null, MediaType, MediaTypes.IsImageManifest, What));
    }

    /// <summary>Returns a manifest with these annotations added or replaced.</summary>
    /// <param name="annotations">Names and values.</param>
    public ImageManifest WithAnnotations(IEnumerable<KeyValuePair<string, string>> annotations) =>
        Edit(tree => tree["annotations"] = OciJson.MapOf(Annotations.SetItems(annotations)));
}
