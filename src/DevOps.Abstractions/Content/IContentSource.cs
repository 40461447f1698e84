using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Somewhere content can be read from: a registry's repository, an OCI layout, an archive, memory.</summary>
public interface IContentSource
{
    /// <summary>Opens the content that a descriptor names.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The exact bytes, from their start; the caller disposes the stream. It verifies what it reads: see <see cref="VerifyingStream"/>.</returns>
    /// <exception cref="ContentNotFoundException">The content is not there.</exception>
    Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default);
}
