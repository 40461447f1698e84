using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Somewhere content can be read from and written to. Content is addressed by its digest and never changes.</summary>
public interface IContentStore : IContentSource
{
    /// <summary>Returns whether the store holds the content.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default);

    /// <summary>Writes content; it is visible only when it is complete and is what the descriptor names. Content that is there already stays as it is.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="content">The exact bytes; read to the end and left open.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind as if whole.</param>
    /// <exception cref="ContentVerificationException">The bytes are not what the descriptor names.</exception>
    Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default);
}
