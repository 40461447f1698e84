using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>How a packed archive is stored.</summary>
public sealed record PackCompression
{
    // Counts up when the bytes of a level change; each version's bytes are frozen.
    private const int GzipVersion = 1;

    // No host can take a name of this library for its own.
    private const string HostPrefix = "host:";

    private PackCompression(string recipe, CompressionFormat format) => (Recipe, Format) = (recipe, format);

    /// <summary>Gets archives that are not compressed.</summary>
    public static PackCompression None { get; } = new("none", CompressionFormat.None);

    /// <summary>Gets what decides on the bytes, beside the content: equal recipes give equal bytes, in any version of this library. That of a host's compressor is its own with <c>host:</c> before it.</summary>
    public string Recipe { get; }

    /// <summary>Gets the format.</summary>
    public CompressionFormat Format { get; }

    internal DeflateLevel? Level { get; private init; }

    internal ICompressor? Compressor { get; private init; }

    /// <summary>Describes gzip by the encoder of this library.</summary>
    /// <param name="level">How much work is put into it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static PackCompression Gzip(DeflateLevel level = DeflateLevel.Default) => Enum.IsDefined(level)
        ? new($"gzip-{level.ToString().ToLowerInvariant()}/{GzipVersion}", CompressionFormat.Gzip) { Level = level }
        : throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level.");

    /// <summary>Describes a compression that the host brings.</summary>
    /// <param name="compressor">The compression.</param>
    /// <exception cref="ArgumentException">It has no recipe, or an undefined format.</exception>
    public static PackCompression By(ICompressor compressor)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        ArgumentException.ThrowIfNullOrEmpty(compressor.Recipe);
        return Enum.IsDefined(compressor.Format)
            ? new(HostPrefix + compressor.Recipe, compressor.Format) { Compressor = compressor }
            : throw new ArgumentException($"{compressor.Format} is no format.", nameof(compressor));
    }

    /// <summary>Tells whether both give the same bytes for the same content: their recipes are the same.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(PackCompression? other) => other is not null && other.Recipe == Recipe && other.Format == Format;

    /// <inheritdoc/>
    public override int GetHashCode() => Recipe.GetHashCode(StringComparison.Ordinal);
}
