namespace DevOps.Archives.Compression;

/// <summary>Something is compressed in a way for which there is no decoder here.</summary>
public sealed class UnsupportedCompressionException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="what">What is compressed.</param>
    /// <param name="format">How.</param>
    public UnsupportedCompressionException(string what, CompressionFormat format)
        : base($"{what} is compressed with {format.ToString().ToLowerInvariant()}, and there is no decoder for that here. Decompress it first.") => Format = format;

    /// <summary>Gets how it is compressed.</summary>
    public CompressionFormat Format { get; }
}
