using DevOps.Archives.Caching;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>What is known of a layer once it is built.</summary>
public sealed record BuiltLayer
{
    /// <summary>Gets what the layer holds, in a few words; written to the image's history.</summary>
    public required string Description { get; init; }

    /// <summary>Gets the descriptor of the blob as it is stored.</summary>
    public required Descriptor Descriptor { get; init; }

    /// <summary>Gets the digest of the uncompressed tar.</summary>
    public required Digest DiffId { get; init; }

    /// <summary>Gets the size of the uncompressed tar, in bytes.</summary>
    public required long UncompressedSizeBytes { get; init; }

    /// <summary>Gets the number of files, directories and links.</summary>
    public required long MemberCount { get; init; }

    /// <summary>Gets what the cache did; <see langword="null"/> where there was none.</summary>
    public CacheUse? Cache { get; init; }
}
