using DevOps.Archives;
using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Turns a layer's entries into its blob.</summary>
internal static class LayerWriter
{
    internal static Task<BuiltLayer> WriteAsync(Layer layer, Stream output, LayerOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(
            layer,
            options,
            progress,
            packing => packing.Cache is { } cache && layer.IsRepeatable
                ? cache.PackAsync(() => layer.ReadAsync(cancellationToken), output, packing, cancellationToken)
                : TarPacker.PackAsync(layer.ReadAsync(cancellationToken), output, packing, cancellationToken));

    internal static Task<BuiltLayer> WriteFileAsync(Layer layer, string path, LayerOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(layer, options, progress, packing => PackFileAsync(layer, path, packing, cancellationToken));

    /// <summary>Writes a layer into a store while it is made. A layer that a cache knows, and one that the store does not take like this, goes into the file instead.</summary>
    /// <returns>The layer; the file is there if the store does not have it.</returns>
    internal static Task<BuiltLayer> SendAsync(Layer layer, IContentReceiver receiver, string path, LayerOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(layer, options, progress, packing => SendAsync(layer, receiver, path, packing, cancellationToken));

    private static async Task<PackResult> SendAsync(Layer layer, IContentReceiver receiver, string path, PackOptions packing, CancellationToken cancellationToken)
    {
        Descriptor? received = null;
        async Task ReceiveAsync(Func<Stream, CancellationToken, Task> write) =>
            received = await receiver.ReceiveAsync(MediaTypeOf(packing.Compression), write, cancellationToken).ConfigureAwait(false);

        PackResult? packed = null;
        if (packing.Cache is { } cache)
        {
            packed = await cache.FindToFileOrPackAsync(() => layer.ReadAsync(cancellationToken), path, ReceiveAsync, packing, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ReceiveAsync(async (output, token) => packed = await TarPacker.PackAsync(layer.ReadAsync(token), output, packing, token).ConfigureAwait(false)).ConfigureAwait(false);
        }

        if (packed is null || (received is null && !File.Exists(path)))
        {
            return await PackFileAsync(layer, path, packing, cancellationToken).ConfigureAwait(false);
        }

        return received is null || received.Digest == packed.Digest ? packed : throw new DigestMismatchException(
            "the store that the layer was sent to", new(received.MediaType, packed.Digest, packed.SizeBytes), received.Digest);
    }

    private static Task<PackResult> PackFileAsync(Layer layer, string path, PackOptions packing, CancellationToken cancellationToken) =>
        packing.Cache is { } cache && layer.IsRepeatable
            ? cache.PackToFileAsync(() => layer.ReadAsync(cancellationToken), path, packing, cancellationToken)
            : PackToFileAsync(layer, path, packing, cancellationToken);

    private static async Task<PackResult> PackToFileAsync(Layer layer, string path, PackOptions packing, CancellationToken cancellationToken)
    {
        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            PackResult packed = await TarPacker.PackAsync(layer.ReadAsync(cancellationToken), file.Content, packing, cancellationToken).ConfigureAwait(false);
            file.Commit();
            return packed;
        }
    }

    private static async Task<BuiltLayer> RunAsync(Layer layer, LayerOptions options, IProgress<LayerProgress>? progress, Func<PackOptions, Task<PackResult>> pack)
    {
        string mediaType = MediaTypeOf(options.Compression);
        PackProgress last = default;
        PackResult packed = await pack(new()
        {
            Compression = options.Compression,
            Pool = options.Pool,
            Cache = options.Cache,
            Progress = progress is null ? null : new Relay(bytes => progress.Report(new(layer.Description, last = bytes, null))),
        }).ConfigureAwait(false);
        BuiltLayer built = new()
        {
            Description = layer.Description,
            Descriptor = new(mediaType, packed.Digest, packed.SizeBytes),
            DiffId = packed.TarDigest,
            UncompressedSizeBytes = packed.TarSizeBytes,
            MemberCount = packed.MemberCount,
            Cache = packed.Cache,
        };
        progress?.Report(new(layer.Description, last with { WrittenBytes = packed.SizeBytes }, built));
        return built;
    }

    /// <remarks>Source: OCI image-spec 1.1, layer.md, "Media types".</remarks>
    private static string MediaTypeOf(PackCompression compression) => compression.Format switch
    {
        CompressionFormat.None when compression == PackCompression.None => MediaTypes.Layer,
        CompressionFormat.Gzip => MediaTypes.LayerGzip,
        CompressionFormat.Zstd => MediaTypes.LayerZstd,
        var other => throw new ArgumentException($"A layer cannot be stored as {other}: registries and runtimes know gzip, zstd and no compression.", nameof(compression)),
    };

    private sealed class Relay(Action<PackProgress> report) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => report(value);
    }
}
