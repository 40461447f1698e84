namespace DevOps.Archives.Compression;

/// <summary>A compression that a host brings, as zstd. Used by several packs at once.</summary>
public interface ICompressor
{
    /// <summary>Gets what decides on the bytes: the format, the level, the implementation and its version, as <c>zstd-3/zstdsharp-0.8</c>. Equal recipes must mean equal bytes for equal content: caches rely on it.</summary>
    string Recipe { get; }

    /// <summary>Gets the format that readers recognise the bytes as; <see cref="CompressionFormat.None"/> for one that this library has no name for, which a layer cannot be stored in.</summary>
    CompressionFormat Format { get; }

    /// <summary>Returns a stream that compresses what is written to it.</summary>
    /// <param name="output">Where the compressed bytes go, written in either way, synchronously or not; it stays open when the returned stream is disposed.</param>
    /// <returns>A stream for one content: it is written asynchronously by one caller at a time, in pieces of up to 2 MiB that change after the write has ended. Disposing it asynchronously writes the end; it is
    /// disposed after a failure too, and what it writes then goes nowhere.</returns>
    Stream Compress(Stream output);
}
