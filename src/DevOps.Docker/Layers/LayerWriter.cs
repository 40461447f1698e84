using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Turns a layer's entries into its blob.</summary>
internal static class LayerWriter
{
    internal static async Task<BuiltLayer> WriteAsync(
        Layer layer, Stream output, LayerOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        string mediaType = MediaTypeOf(options.Compression);
        PackProgress last = default;
        PackOptions packing = new()
        {
            Compression = options.Compression,
            Pool = options.Pool,
            Progress = progress is null ? null : new Relay(bytes => progress.Report(new(layer.Description, last = bytes, null))),
        };
        PackResult packed = await TarPacker.PackAsync(layer.ReadAsync(cancellationToken), output, packing, cancellationToken).ConfigureAwait(false);
        BuiltLayer built = new()
        {
            Description = layer.Description,
            Descriptor = new(mediaType, packed.Digest, packed.SizeBytes),
            DiffId = packed.TarDigest,
            UncompressedSizeBytes = packed.TarSizeBytes,
            MemberCount = packed.MemberCount,
        };
        progress?.Report(new(layer.Description, last with { WrittenBytes = packed.SizeBytes }, built));
        return built;
    }

    /// <remarks>Source: OCI image-spec 1.1, layer.md, "Media types".</remarks>
    private static string MediaTypeOf(PackCompression compression) => compression.Format switch
    {
        CompressionFormat.None => MediaTypes.Layer,
        CompressionFormat.Gzip => MediaTypes.LayerGzip,
        CompressionFormat.Zstd => MediaTypes.LayerZstd,
        var other => throw new ArgumentException($"A layer cannot be stored as {other}: registries and runtimes know gzip, zstd and no compression.", nameof(compression)),
    };

    private sealed class Relay(Action<PackProgress> report) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => report(value);
    }
}
