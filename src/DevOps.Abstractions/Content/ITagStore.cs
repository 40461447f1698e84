using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: movable names for manifests.</summary>
public interface ITagStore : ITagResolver
{
    /// <summary>Lets a tag name a manifest that the store holds; a tag that names another is moved.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Stops the change.</param>
    /// <exception cref="ContentNotFoundException">The store does not hold the manifest.</exception>
    Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default);
}
