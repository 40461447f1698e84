using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>What image manifests and indexes share: what they point to, and the rules that keep them from being taken for each other.</summary>
public abstract class ManifestDocument : OciDocument
{
    private protected ManifestDocument(ReadOnlyMemory<byte> rawBytes, JsonObject tree, string mediaType, string what) : base(rawBytes, tree, mediaType)
    {
        ArtifactType = tree.String("artifactType", what);
        Annotations = tree.StringMap("annotations", what);
        Subject = tree.Object("subject", what) is { } subject ? DescriptorJson.Read(subject, what + ", subject") : null;
    }

    /// <summary>Gets the type of the artifact, if the document states one.</summary>
    public string? ArtifactType { get; }

    /// <summary>Gets the annotations. Empty if there are none.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; }

    /// <summary>Gets the manifest that this one refers to, if it does.</summary>
    public Descriptor? Subject { get; }

    /// <summary>Gets everything that must be in a store before this document is: configuration and layers of a manifest, manifests of an index.</summary>
    public abstract ImmutableArray<Descriptor> Children { get; }

    /// <summary>Reads a manifest or an index, whichever the media type names.</summary>
    /// <param name="bytes">The exact bytes; they are copied.</param>
    /// <param name="mediaType">The media type that the bytes came with.</param>
    /// <exception cref="InvalidContentException">The document breaks its specification, or is not of that media type.</exception>
    public static ManifestDocument Parse(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        return MediaTypes.IsImageIndex(mediaType) ? ImageIndex.Parse(bytes, mediaType)
            : MediaTypes.IsImageManifest(mediaType) ? ImageManifest.Parse(bytes, mediaType)
            : throw new InvalidContentException("manifest", $"its media type '{mediaType}' is neither an image manifest nor an image index");
    }

    /// <summary>Finds the media type, and refuses what could be read as two kinds of document.</summary>
    /// <remarks>Source: the advisory of CVE-2021-41190; OCI distribution-spec 1.1, "Pushing manifests".</remarks>
    private protected static string CheckKind(JsonObject tree, string? mediaType, string fallback, Func<string, bool> isKind, string what)
    {
        if (tree.RequireInteger("schemaVersion", what) is var version and not 2)
        {
            throw new InvalidContentException(what, $"its schemaVersion is {version}, and only 2 can be read");
        }

        if (tree.ContainsKey("manifests") && (tree.ContainsKey("layers") || tree.ContainsKey("config")))
        {
            throw new InvalidContentException(what, "it has both manifests and layers or config, so it could be read in two ways");
        }

        string? stated = tree.String("mediaType", what);
        if (stated is not null && mediaType is not null && stated != mediaType)
        {
            throw new InvalidContentException(what, $"it says that it is '{stated}' but came as '{mediaType}'");
        }

        string kind = stated ?? mediaType ?? fallback;
        return isKind(kind) ? kind : throw new InvalidContentException(what, $"its media type '{kind}' is of another kind");
    }
}
