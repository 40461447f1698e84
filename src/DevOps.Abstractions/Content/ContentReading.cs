using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Reads small content whole.</summary>
public static class ContentReading
{
    /// <summary>Reads content into memory, verified.</summary>
    /// <param name="source">Where the content is.</param>
    /// <param name="descriptor">Names the content; its embedded data is used if it is right.</param>
    /// <param name="maxLengthBytes">The most to read; checked before anything is allocated.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidContentException">The descriptor states more than <paramref name="maxLengthBytes"/>.</exception>
    /// <exception cref="ContentVerificationException">The bytes are not what the descriptor names.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAllBytesAsync(
        this IContentSource source, Descriptor descriptor, int maxLengthBytes = OciDocument.MaxLengthBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(descriptor);
        if (descriptor.SizeBytes > maxLengthBytes)
        {
            throw new InvalidContentException($"content {descriptor.Digest}", $"its size is stated as {descriptor.SizeBytes} bytes, and at most {maxLengthBytes} are read into memory");
        }

        if (descriptor.TryGetData(out ReadOnlyMemory<byte> data))
        {
            return data;
        }

        Stream content = await source.OpenReadAsync(descriptor, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the source");
            byte[] bytes = new byte[(int)descriptor.SizeBytes];
            await verifying.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            byte[] beyond = new byte[1];
            _ = await verifying.ReadAsync(beyond, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }

    /// <summary>Reads a manifest or an index.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="descriptor">Names it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidContentException">The document is too large, breaks its specification, or is of another kind than its descriptor says.</exception>
    public static async Task<ManifestDocument> ReadManifestAsync(this IContentSource source, Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ReadOnlyMemory<byte> bytes = await source.ReadAllBytesAsync(descriptor, cancellationToken: cancellationToken).ConfigureAwait(false);
        return ManifestDocument.Parse(bytes, descriptor.MediaType);
    }

    /// <summary>Reads an image's configuration.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="descriptor">Names it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidContentException">The document is too large or breaks its specification.</exception>
    public static async Task<ImageConfig> ReadConfigAsync(this IContentSource source, Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ReadOnlyMemory<byte> bytes = await source.ReadAllBytesAsync(descriptor, cancellationToken: cancellationToken).ConfigureAwait(false);
        return ImageConfig.Parse(bytes, descriptor.MediaType);
    }
}
