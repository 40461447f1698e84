namespace DevOps.Content;

/// <summary>An optional ability of a store: to tell the tags it has.</summary>
public interface ITagLister
{
    /// <summary>Streams the tags, in the store's order.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancellationToken = default);
}
