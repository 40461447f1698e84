using System.IO.Pipelines;
using DevOps.Archives.Packing;

namespace DevOps.Archives.Compression;

/// <summary>Compresses content to gzip (RFC 1952) in parallel. The bytes depend on the content and the level only: not on the machine, the number of workers, or how the content comes in pieces.</summary>
public static class GzipEncoder
{
    /// <summary>Compresses a stream to its end.</summary>
    /// <param name="content">The content; read from its position to its end and left open.</param>
    /// <param name="output">Where the compressed bytes go; flushed at the end and left open.</param>
    /// <param name="level">How much work is put into it.</param>
    /// <param name="pool">The processor time and memory that may be taken; <see cref="CompressionPool.Shared"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the compression; what was written is then unusable.</param>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    /// <exception cref="IOException">The content cannot be read or the output not written.</exception>
    /// <remarks>Memory: see <see cref="CompressionPool"/>; it does not grow with the content.</remarks>
    public static async Task<long> CompressAsync(
        Stream content, Stream output, DeflateLevel level = DeflateLevel.Default, CompressionPool? pool = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(output);
        PackOptions options = new() { Compression = PackCompression.Gzip(level), Pool = pool ?? CompressionPool.Shared, Hashes = false };
        long read = 0;
        await PackPipeline.RunAsync(async (writer, _) => read = await writer.WriteStreamAsync(content, long.MaxValue).ConfigureAwait(false), output, options, null, cancellationToken).ConfigureAwait(false);
        return read;
    }

    /// <summary>Compresses what comes through a pipe to its end.</summary>
    /// <param name="content">The content; read until its writer completes, and not completed here.</param>
    /// <param name="output">Where the compressed bytes go; flushed at the end, and not completed here. What its reader does slowly slows the compression down.</param>
    /// <param name="level">How much work is put into it.</param>
    /// <param name="pool">The processor time and memory that may be taken; <see cref="CompressionPool.Shared"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the compression; what was written is then unusable.</param>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    /// <remarks>A reader of the output that leaves is not noticed: cancel then. Memory: see <see cref="CompressionPool"/>; it does not grow with the content.</remarks>
    public static Task<long> CompressAsync(
        PipeReader content, PipeWriter output, DeflateLevel level = DeflateLevel.Default, CompressionPool? pool = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(output);
        return CompressAsync(content.AsStream(leaveOpen: true), output.AsStream(leaveOpen: true), level, pool, cancellationToken);
    }
}
