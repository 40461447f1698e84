using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a source: to tell what a name stands for.</summary>
public interface ITagResolver
{
    /// <summary>Returns what a tag or digest names, or <see langword="null"/> if there is nothing.</summary>
    /// <param name="reference">A tag, or the text of a digest. A registry knows every manifest by its digest; other stores know those that they list.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default);
}
