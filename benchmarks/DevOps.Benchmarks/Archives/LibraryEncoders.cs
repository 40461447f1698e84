using System.IO.Compression;

namespace DevOps.Benchmarks.Archives;

/// <summary>The encoders of the base class library.</summary>
internal static class LibraryEncoders
{
    internal static long GZip(NativeContent content, int level)
    {
        using CountingStream output = new();
        using (GZipStream encoder = new(output, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            Write(content, encoder);
        }

        return output.Length;
    }

    internal static long ZLib(NativeContent content, int level)
    {
        using CountingStream output = new();
        using (ZLibStream encoder = new(output, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            Write(content, encoder);
        }

        return output.Length;
    }

    private static void Write(NativeContent content, Stream encoder)
    {
        for (long at = 0; at < content.LengthBytes;)
        {
            Span<byte> part = content.Part(at);
            encoder.Write(part);
            at += part.Length;
        }
    }
}
