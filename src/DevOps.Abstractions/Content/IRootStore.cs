using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to list the content that others are found from. A copy tells it its root.</summary>
public interface IRootStore
{
    /// <summary>Lists a manifest that the store holds, if it is not listed yet.</summary>
    /// <param name="root">The manifest.</param>
    /// <param name="cancellationToken">Stops the change.</param>
    Task AddRootAsync(Descriptor root, CancellationToken cancellationToken = default);
}
