using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to forget content.</summary>
public interface IContentDeleter
{
    /// <summary>Removes content.</summary>
    /// <param name="descriptor">Names the content.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    /// <returns>Whether there was something to remove.</returns>
    Task<bool> DeleteAsync(Descriptor descriptor, CancellationToken cancellationToken = default);
}
