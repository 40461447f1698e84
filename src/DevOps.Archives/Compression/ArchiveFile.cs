namespace DevOps.Archives.Compression;

/// <summary>Opens archives on disk, compressed or not.</summary>
public static class ArchiveFile
{
    /// <summary>Opens a file and decompresses it while it is read, if its first bytes say that it is gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The uncompressed bytes, to be read asynchronously; the caller disposes the stream. It can seek only if the file is not compressed. Compressed bytes that are damaged or cut off are an <see cref="InvalidContentException"/> when they are read.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="UnsupportedCompressionException">The file is compressed in another way.</exception>
    public static async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a directory. Name an archive.");
        }

        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        try
        {
            byte[] start = new byte[CompressionMagic.Length];
            int read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            return CompressionMagic.Recognize(start.AsSpan(0, read)) switch
            {
                CompressionFormat.None => file,
                CompressionFormat.Gzip => new GzipReadStream(file, $"archive '{path}'"),
                var format => throw new UnsupportedCompressionException($"'{path}'", format),
            };
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
