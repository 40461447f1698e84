using DevOps.Archives.Tar;

namespace DevOps.Archives.Extraction;

/// <summary>Controls how an archive is extracted.</summary>
public sealed record TarExtractOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static TarExtractOptions Default { get; } = new();

    /// <summary>Gets how many bytes all files may have together, against archives made to fill a disk.</summary>
    /// <value>1 TiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxBytes { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1L << 40;

    /// <summary>Gets how many entries an archive may have, against archives made to fill a disk with empty files.</summary>
    /// <value>16,777,216 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxEntries { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1 << 24;

    /// <summary>Gets the bounds of the reader.</summary>
    public TarReadOptions Reading { get; init; } = TarReadOptions.Default;
}
