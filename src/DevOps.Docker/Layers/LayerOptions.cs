using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Packing;

namespace DevOps.Docker;

/// <summary>Controls how a layer is built.</summary>
public sealed record LayerOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static LayerOptions Default { get; } = new();

    /// <summary>Gets how the layer is stored: gzip, not compressed, or a compression of the host's in the formats that layers may have, gzip and zstd. Changes the digest, never the diffID.</summary>
    /// <value>gzip at <see cref="DeflateLevel.Default"/> by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public PackCompression Compression { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = PackCompression.Gzip();

    /// <summary>Gets the processor time and memory that may be taken. Does not change the bytes.</summary>
    /// <value><see cref="CompressionPool.Shared"/> by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public CompressionPool Pool { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = CompressionPool.Shared;

    /// <summary>Gets where built layers are found again: a layer whose files did not change is not read, and one that changed is compressed only around the change. Does not change the bytes.</summary>
    /// <value><see langword="null"/> by default: nothing is kept.</value>
    /// <remarks>A layer of entries that come one by one is packed each time, with the segments that are at hand; so is one with content from streams.</remarks>
    public PackCache? Cache { get; init; }
}
