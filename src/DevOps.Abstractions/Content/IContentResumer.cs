using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to go on with a write that broke off, from the bytes that it has.</summary>
public interface IContentResumer
{
    /// <summary>Writes content as <see cref="IContentStore.WriteAsync"/> does, and opens it where the store wants it to go on.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="openAt">Opens the content at an offset, from 0 to the size; called again after each break. The store disposes the streams.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left behind as if whole.</param>
    /// <exception cref="ContentVerificationException">The bytes are not what the descriptor names.</exception>
    Task WriteAsync(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt, CancellationToken cancellationToken = default);
}
