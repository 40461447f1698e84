using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>How a packed archive is stored.</summary>
public sealed record PackCompression
{
    // Counts up when the bytes of a level change; each version's bytes are frozen.
    private const int GzipVersion = 1;

    private PackCompression(string recipe, CompressionFormat format) => (Recipe, Format) = (recipe, format);

    /// <summary>Gets archives that are not compressed.</summary>
    public static PackCompression None { get; } = new("none", CompressionFormat.None);

    /// <summary>Gets what decides on the bytes, beside the content: equal recipes give equal bytes, in any version of this library.</summary>
    public string Recipe { get; }

    /// <summary>Gets the format.</summary>
    public CompressionFormat Format { get; }

    internal DeflateLevel? Level { get; private init; }

    internal ICompressor? Compressor { get; private init; }

    /// <summary>Describes gzip by the encoder of this library.</summary>
    /// <param name="level">How much work is put into it.</param>
    public static PackCompression Gzip(DeflateLevel level = DeflateLevel.Default) => Enum.IsDefined(level)
        ? new($"gzip-{level.ToString().ToLowerInvariant()}/{GzipVersion}", CompressionFormat.Gzip) { Level = level }
        : throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level.");

    /// <summary>Describes a compression that the host brings.</summary>
    /// <param name="compressor">The compression.</param>
    public static PackCompression By(ICompressor compressor)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        ArgumentException.ThrowIfNullOrEmpty(compressor.Recipe);
        return new(compressor.Recipe, compressor.Format) { Compressor = compressor };
    }
}
