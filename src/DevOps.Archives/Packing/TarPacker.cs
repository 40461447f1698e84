using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Packing;

/// <summary>Packs members into a compressed archive in one pass: read, hashed, compressed, hashed again and written beside each other.</summary>
public static class TarPacker
{
    /// <summary>Packs members.</summary>
    /// <param name="items">The members, in the order in which they are written. A file on disk must have the length that its member states, unless that is 0.</param>
    /// <param name="output">Where the bytes go, in order; flushed at the end and left open. What it does slowly slows the packing down.</param>
    /// <param name="options">How; <see cref="PackOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the packing; what was written is then unusable.</param>
    /// <returns>Digests and sizes. They depend on the members and <see cref="PackCompression.Recipe"/> only.</returns>
    /// <exception cref="IOException">A file cannot be read or changed meanwhile, or the output cannot be written.</exception>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    /// <remarks>Memory: see <see cref="CompressionPool"/>; it does not grow with the archive.</remarks>
    public static async Task<PackResult> PackAsync(IAsyncEnumerable<TarItem> items, Stream output, PackOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(output);
        options ??= PackOptions.Default;
        using CacheSession? session = options.Cache?.Begin();
        PackResult packed = await PackAsync(items, output, options, session, cancellationToken).ConfigureAwait(false);
        return session is null ? packed : packed with { Cache = session.End(CacheOutcome.Packed) };
    }

    internal static async Task<PackResult> PackAsync(IAsyncEnumerable<TarItem> items, Stream output, PackOptions options, CacheSession? session, CancellationToken cancellationToken)
    {
        TarEntries entries = new();
        PackDigests? stored = await PackPipeline.RunAsync((writer, stopping) => entries.WriteAsync(items, writer, stopping), output, options, session, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Digest = stored!.Digest,
            SizeBytes = stored.SizeBytes,
            TarDigest = stored.ContentDigest,
            TarSizeBytes = stored.ContentSizeBytes,
            MemberCount = entries.Count,
        };
    }
}
