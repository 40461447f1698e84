using DevOps.Oci;

namespace DevOps.Content;

/// <summary>An optional ability of a source that is made of others: to tell where a piece of content really is, so that a target near it can take it over.</summary>
public interface ICompositeSource
{
    /// <summary>Returns the source that holds the content.</summary>
    /// <param name="descriptor">Names the content.</param>
    IContentSource SourceOf(Descriptor descriptor);
}
