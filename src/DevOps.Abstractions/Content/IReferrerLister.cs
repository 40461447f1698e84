using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a store: to tell which manifests have a given manifest as their subject (signatures, bills of materials).</summary>
public interface IReferrerLister
{
    /// <summary>Streams the referrers of a manifest.</summary>
    /// <param name="subject">The manifest that is referred to; it need not exist.</param>
    /// <param name="artifactType">Only referrers of this type, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, string? artifactType = null, CancellationToken cancellationToken = default);
}
