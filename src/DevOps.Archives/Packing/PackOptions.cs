using DevOps.Archives.Caching;
using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>Controls how an archive is packed.</summary>
public sealed record PackOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static PackOptions Default { get; } = new();

    /// <summary>Gets how the archive is compressed. Changes the bytes.</summary>
    /// <value>gzip at <see cref="DeflateLevel.Default"/> by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public PackCompression Compression { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = PackCompression.Gzip();

    /// <summary>Gets the processor time and memory that may be taken. Does not change the bytes.</summary>
    /// <value><see cref="CompressionPool.Shared"/> by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public CompressionPool Pool { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = CompressionPool.Shared;

    /// <summary>Gets who is told of the bytes done, about once for each MiB and from several threads, one at a time. It is waited for, and what it throws fails the pack.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<PackProgress>? Progress { get; init; }

    /// <summary>Gets where compressed segments are found again, so that a change costs no more than what is around it. Does not change the bytes.</summary>
    /// <value><see langword="null"/> by default: nothing is kept.</value>
    public PackCache? Cache { get; init; }

    // Who wants compressed bytes and no digests does not pay for them.
    internal bool Hashes { get; init; } = true;
}
