namespace DevOps.Registry;

/// <summary>Controls how large blobs are read: in several ranges at once, each over a connection of its own, where the registry gives ranges.</summary>
/// <remarks>
/// The bytes come out in their order and are verified as those of one stream. Memory: <see cref="MaxRanges"/> × <see cref="RangeBytes"/> for each blob that is being read, and 128 KiB beside each; a range that is slow holds the others back and
/// makes nothing grow. A range that falls silent or breaks off is asked for again by itself.
/// </remarks>
public sealed record BlobRangeOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static BlobRangeOptions Default { get; } = new();

    /// <summary>Gets how many ranges of a blob are read at once; 1 to read each blob as one stream.</summary>
    /// <value>1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 64.</exception>
    public int MaxRanges
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64);
            field = value;
        }
    } = 1;

    /// <summary>Gets how many bytes each range has.</summary>
    /// <value>4 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 64 KiB to 1 GiB.</exception>
    public int RangeBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1 << 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 4 << 20;

    /// <summary>Gets the size from which a blob is read in ranges, in bytes. Blobs of one range are not in any case.</summary>
    /// <value>64 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MinBlobBytes { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 64 << 20;

    internal bool Suit(long blobBytes) => MaxRanges > 1 && blobBytes >= MinBlobBytes && blobBytes > RangeBytes;
}
