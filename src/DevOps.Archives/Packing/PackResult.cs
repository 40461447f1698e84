using DevOps.Archives.Caching;
using DevOps.Oci;

namespace DevOps.Archives.Packing;

/// <summary>What is known of an archive once it is packed.</summary>
public sealed record PackResult
{
    /// <summary>Gets the digest of the bytes as stored.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Gets the size as stored, in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Gets the digest of the archive before compression; for a layer that is the diffID.</summary>
    public required Digest TarDigest { get; init; }

    /// <summary>Gets the size of the archive before compression, in bytes.</summary>
    public required long TarSizeBytes { get; init; }

    /// <summary>Gets the number of members.</summary>
    public required long MemberCount { get; init; }

    /// <summary>Gets what the cache did; <see langword="null"/> where there was none.</summary>
    public CacheUse? Cache { get; init; }
}
