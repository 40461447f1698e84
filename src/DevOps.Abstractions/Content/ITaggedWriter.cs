using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to write a manifest and give it a tag in one step, which spares the steps between and leaves no moment in which it is there without its name.</summary>
public interface ITaggedWriter
{
    /// <summary>Writes a manifest and lets a tag name it; a tag that names another is moved. What is there already is only tagged.</summary>
    /// <param name="manifest">The manifest; everything below it is in the store.</param>
    /// <param name="content">Its exact bytes; read to the end and left open.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="ContentVerificationException">The bytes are not what the descriptor names.</exception>
    Task WriteTaggedAsync(Descriptor manifest, Stream content, string tag, CancellationToken cancellationToken = default);
}
