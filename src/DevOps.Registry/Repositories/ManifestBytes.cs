using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads manifests whole, under their limit.</summary>
internal static class ManifestBytes
{
    internal static async Task<byte[]> ReadAsync(Stream content, Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.SizeBytes > OciDocument.MaxLengthBytes)
        {
            throw new InvalidContentException($"manifest {descriptor.Digest}", $"it has {descriptor.SizeBytes} bytes and registries take {OciDocument.MaxLengthBytes}");
        }

        using MemoryStream bytes = new((int)descriptor.SizeBytes);
        await content.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    internal static async Task<byte[]> ReadAsync(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken) =>
        await BoundedBody.TryReadAsync(request, response, OciDocument.MaxLengthBytes, cancellationToken).ConfigureAwait(false)
        ?? throw new RegistryException(
            request.Operation, request.Registry.ToString(), $"the answer is longer than the {OciDocument.MaxLengthBytes} bytes that a manifest may have", "Check what is stored there.", response.StatusCode);
}
