namespace DevOps.Archives.Compression;

/// <summary>A compression that a host brings, as zstd.</summary>
public interface ICompressor
{
    /// <summary>Gets what decides on the bytes: the format, the level, the implementation and its version, as <c>zstd-3/zstdsharp-0.8</c>.</summary>
    string Recipe { get; }

    /// <summary>Gets the format that readers recognise the bytes as.</summary>
    CompressionFormat Format { get; }

    /// <summary>Returns a stream that compresses what is written to it.</summary>
    /// <param name="output">Where the compressed bytes go; it stays open when the returned stream is disposed, which writes the end.</param>
    Stream Compress(Stream output);
}
