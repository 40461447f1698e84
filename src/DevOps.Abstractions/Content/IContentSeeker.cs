using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a source: to open content in its middle, so that a transfer that broke off goes on without reading what came before.</summary>
public interface IContentSeeker
{
    /// <summary>Opens the content that a descriptor names, from an offset on.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="offset">The offset of the first byte, from 0 to the size.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The bytes from the offset to the end; the caller disposes the stream. It cannot verify a digest: whoever puts the parts together does.</returns>
    /// <exception cref="ContentNotFoundException">The content is not there.</exception>
    Task<Stream> OpenReadAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken = default);
}
