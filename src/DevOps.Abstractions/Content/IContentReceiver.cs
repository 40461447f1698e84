using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to take content while it is made, before its digest and its size are known.</summary>
public interface IContentReceiver
{
    /// <summary>Takes content as it is written, and hashes it on the way. It is visible only when it is complete, under the digest of the bytes that were written.</summary>
    /// <param name="mediaType">The media type of the content; not that of a manifest.</param>
    /// <param name="write">Writes the content, from its first byte to its last, to a stream that is written asynchronously and left open. Called again after a transfer broke off, when the call before has ended, and then writes the same bytes. What it throws is passed on.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind as if whole.</param>
    /// <returns>Names what the store holds now. <see langword="null"/> if the store takes no such content, which may show only when some was sent: make the content elsewhere, and use <see cref="IContentStore.WriteAsync"/>.</returns>
    /// <exception cref="ArgumentException">The media type is malformed, or that of a manifest.</exception>
    Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default);
}
