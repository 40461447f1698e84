using DevOps.Oci;

namespace DevOps.Benchmarks.Archives;

/// <summary>The digest of content, taken in the pieces that packing takes.</summary>
internal static class ContentDigest
{
    internal static Digest Of(NativeContent content)
    {
        using DigestBuilder digest = new();
        for (long at = 0; at < content.LengthBytes;)
        {
            Span<byte> part = content.Part(at);
            digest.Append(part);
            at += part.Length;
        }

        return digest.ToDigest();
    }
}
