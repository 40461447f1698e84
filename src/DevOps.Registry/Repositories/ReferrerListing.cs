using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Lists what refers to a manifest that is known by a name.</summary>
public static class ReferrerListing
{
    /// <summary>Streams the referrers of what a tag or a digest names now: signatures, bills of materials.</summary>
    /// <typeparam name="TStore">A store with tags and referrers: a repository in a registry, a layout, an archive.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="reference">The tag or digest of the manifest that is referred to.</param>
    /// <param name="artifactType">Only referrers of this type, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="ContentNotFoundException">Nothing has that name.</exception>
    /// <remarks>To ask for the referrers of a manifest that need not be there, give its <see cref="Digest"/>.</remarks>
    public static async IAsyncEnumerable<Descriptor> ListReferrersAsync<TStore>(
        this TStore store, string reference, string? artifactType = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TStore : ITagResolver, IReferrerLister
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(reference);
        Descriptor subject = await store.ResolveAsync(reference, cancellationToken).ConfigureAwait(false) ?? throw new ContentNotFoundException($"{store}", $"'{reference}'");
        await foreach (Descriptor referrer in store.ListReferrersAsync(subject.Digest, artifactType, cancellationToken).ConfigureAwait(false))
        {
            yield return referrer;
        }
    }
}
