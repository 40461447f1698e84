namespace DevOps.Archives.Tar;

/// <summary>Bounds what a reader takes from an archive before it gives up.</summary>
public sealed record TarReadOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static TarReadOptions Default { get; } = new();

    /// <summary>Gets how long the headers of one entry may be beside the first: PAX records, long names, maps of sparse files; and all records of global headers together. In bytes.</summary>
    /// <value>1 MiB by default. The memory of a reader is a small multiple of this.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1024.</exception>
    public int MaxHeaderBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024); field = value; } } = 1 << 20;
}
