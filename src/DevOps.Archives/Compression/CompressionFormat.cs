namespace DevOps.Archives.Compression;

/// <summary>How bytes are compressed, as far as their beginning tells.</summary>
public enum CompressionFormat
{
    /// <summary>In no way that is known here.</summary>
    None,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>xz.</summary>
    Xz,
}
