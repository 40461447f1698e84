using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Finds what references name.</summary>
public static class ReferenceResolution
{
    /// <summary>Returns what a reference names: by its digest if it has one, else by its tag, else by <see cref="ImageReference.DefaultTag"/>.</summary>
    /// <param name="repositories">Reaches the registry.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    /// <returns>The manifest or index, and the repository that holds it.</returns>
    /// <exception cref="ContentNotFoundException">There is no such image.</exception>
    /// <exception cref="DigestMismatchException">The repository answered with something else than the digest that was asked for.</exception>
    public static async Task<(IRepository Repository, Descriptor Root)> ResolveAsync(
        this IRepositoryProvider repositories, ImageReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        ArgumentNullException.ThrowIfNull(reference);
        IRepository repository = repositories.GetRepository(reference.Registry, reference.Repository);
        string item = reference.Digest?.ToString() ?? reference.Tag ?? ImageReference.DefaultTag;
        string origin = $"repository {reference.Registry}/{reference.Repository}";
        Descriptor root = await repository.ResolveAsync(item, cancellationToken).ConfigureAwait(false) ?? throw new ContentNotFoundException(origin, NameOf(reference));
        return reference.Digest is null || reference.Digest == root.Digest
            ? (repository, root)
            : throw new DigestMismatchException(origin, new(root.MediaType, reference.Digest, root.SizeBytes), root.Digest);
    }

    private static string NameOf(ImageReference reference) =>
        reference is { Tag: null, Digest: null } ? $"the tag '{ImageReference.DefaultTag}', which is meant as '{reference}' names neither tag nor digest" : $"'{reference}'";
}
