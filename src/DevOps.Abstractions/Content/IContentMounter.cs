using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to take over content from a place near it without moving bytes.</summary>
public interface IContentMounter
{
    /// <summary>Takes content over from another place, if that is possible.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="source">Where the content is.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>Whether the store holds the content now; when not, write it.</returns>
    ValueTask<bool> TryMountAsync(Descriptor descriptor, IContentSource source, CancellationToken cancellationToken = default);
}
