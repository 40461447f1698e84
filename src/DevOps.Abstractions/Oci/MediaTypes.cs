namespace DevOps.Oci;

/// <summary>The media types of container content, and what they say about it.</summary>
/// <remarks>Source: OCI image-spec 1.1, media-types.md; Docker image manifest version 2, schema 2.</remarks>
public static class MediaTypes
{
    /// <summary>An OCI image manifest.</summary>
    public const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An OCI image index.</summary>
    public const string ImageIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>An OCI image configuration.</summary>
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>An uncompressed layer.</summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>A layer compressed with gzip.</summary>
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>A layer compressed with zstd.</summary>
    public const string LayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>The empty JSON object <c>{}</c>, for artifacts without a configuration.</summary>
    public const string EmptyJson = "application/vnd.oci.empty.v1+json";

    /// <summary>A Docker image manifest, version 2 schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>A Docker manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>A Docker image configuration.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>A Docker layer compressed with gzip.</summary>
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>An uncompressed Docker layer.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>A Docker layer that is fetched from its own addresses and never pushed.</summary>
    public const string DockerForeignLayerGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    /// <summary>Bytes of no stated type.</summary>
    public const string OctetStream = "application/octet-stream";

    /// <summary>Returns whether content of this type is an image manifest (OCI or Docker).</summary>
    /// <param name="mediaType">A media type without parameters.</param>
    public static bool IsImageManifest(string mediaType) => mediaType is ImageManifest or DockerManifest;

    /// <summary>Returns whether content of this type is a list of manifests (an OCI index or a Docker manifest list).</summary>
    /// <param name="mediaType">A media type without parameters.</param>
    public static bool IsImageIndex(string mediaType) => mediaType is ImageIndex or DockerManifestList;

    /// <summary>Returns whether registries keep content of this type as a manifest rather than as a blob.</summary>
    /// <param name="mediaType">A media type without parameters.</param>
    public static bool IsManifest(string mediaType) => IsImageManifest(mediaType) || IsImageIndex(mediaType);

    /// <summary>Returns whether content of this type is a filesystem change of an image.</summary>
    /// <param name="mediaType">A media type without parameters.</param>
    public static bool IsLayer(string mediaType) =>
        IsNonDistributable(mediaType)
        || mediaType is DockerLayer or DockerLayerGzip
        || mediaType.StartsWith("application/vnd.oci.image.layer.v1.", StringComparison.Ordinal);

    /// <summary>Returns whether content of this type must not be uploaded: it is fetched from addresses that its descriptor names.</summary>
    /// <param name="mediaType">A media type without parameters.</param>
    public static bool IsNonDistributable(string mediaType) =>
        mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.", StringComparison.Ordinal)
        || mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal);

    /// <summary>Returns whether the text is a media type by RFC 6838: <c>type/subtype</c> of restricted names, without parameters.</summary>
    /// <param name="mediaType">The text.</param>
    public static bool IsWellFormed(string mediaType)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        int slash = mediaType.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsRestrictedName(mediaType.AsSpan(0, slash)) && IsRestrictedName(mediaType.AsSpan(slash + 1));
    }

    private static bool IsRestrictedName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > 127 || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$&-^_.+".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
