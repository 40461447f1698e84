using System.IO.Compression;
using DevOps.Archives.Tar;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Turns members into a layer blob in one pass: tar, diffID, compression, digest, output.</summary>
internal static class LayerWriter
{
    private const int ProgressStepBytes = 1 << 20;

    internal static async Task<BuiltLayer> WriteAsync(
        Layer layer, Stream output, LayerCompression compression, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        DigestingStream blob = new(output);
        await using (blob.ConfigureAwait(false))
        {
            GZipStream? gzip = compression == LayerCompression.Gzip ? new(blob, CompressionLevel.Optimal, leaveOpen: true) : null;
            (Digest DiffId, long Bytes, int Count) tar;
            try
            {
                tar = await WriteTarAsync(layer, gzip ?? (Stream)blob, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (gzip is not null)
                {
                    await gzip.DisposeAsync().ConfigureAwait(false);
                }
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            BuiltLayer built = new()
            {
                Description = layer.Description,
                Descriptor = new(compression == LayerCompression.Gzip ? MediaTypes.LayerGzip : MediaTypes.Layer, blob.ToDigest(), blob.Length),
                DiffId = tar.DiffId,
                UncompressedSizeBytes = tar.Bytes,
                MemberCount = tar.Count,
            };
            progress?.Report(new(layer.Description, tar.Bytes, built));
            return built;
        }
    }

    private static async Task<(Digest DiffId, long TarBytes, int Count)> WriteTarAsync(
        Layer layer, Stream compressor, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        DigestingStream tar = new(compressor);
        await using (tar.ConfigureAwait(false))
        {
            TarArchiveWriter writer = new(tar);
            int count = 0;
            long told = 0;
            await foreach (TarItem item in layer.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await writer.WriteAsync(item, cancellationToken).ConfigureAwait(false);
                count++;
                if (tar.Length - told >= ProgressStepBytes)
                {
                    told = tar.Length;
                    progress?.Report(new(layer.Description, told, null));
                }
            }

            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return (tar.ToDigest(), tar.Length, count);
        }
    }
}
