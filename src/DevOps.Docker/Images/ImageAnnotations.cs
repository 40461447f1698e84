namespace DevOps.Docker;

/// <summary>The names of common annotations and labels.</summary>
/// <remarks>Source: OCI image-spec 1.1, annotations.md, "Pre-Defined Annotation Keys".</remarks>
public static class ImageAnnotations
{
    /// <summary>When the image was built, by RFC 3339.</summary>
    public const string Created = "org.opencontainers.image.created";

    /// <summary>The version of the packaged software.</summary>
    public const string Version = "org.opencontainers.image.version";

    /// <summary>The commit that the image was built from.</summary>
    public const string Revision = "org.opencontainers.image.revision";

    /// <summary>Where the source code is.</summary>
    public const string Source = "org.opencontainers.image.source";

    /// <summary>The title for people.</summary>
    public const string Title = "org.opencontainers.image.title";

    /// <summary>The reference of the base image.</summary>
    public const string BaseName = "org.opencontainers.image.base.name";

    /// <summary>The digest of the base image's manifest.</summary>
    public const string BaseDigest = "org.opencontainers.image.base.digest";
}
