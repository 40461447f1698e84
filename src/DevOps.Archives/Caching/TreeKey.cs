using DevOps.Archives.Tar;

namespace DevOps.Archives.Caching;

/// <summary>What an archive is found by without reading a file: the recipe, all that its headers will say, and what the file system says of each file.</summary>
/// <param name="Name">The key, a hash in hexadecimal.</param>
/// <param name="IsSettled">Whether every later write will show. A file that was written just before it was looked at may be written again within the same tick of the clock.</param>
internal sealed record TreeKey(string Name, bool IsSettled)
{
    /// <summary>Computes the key of members, of which no content is read.</summary>
    /// <returns><see langword="null"/> where there is none, see <see cref="TreeKeyBuilder.IsKnown"/>.</returns>
    internal static async ValueTask<TreeKey?> ComputeAsync(IAsyncEnumerable<TarItem> items, string recipe, PackCacheOptions options, CancellationToken cancellationToken)
    {
        using TreeKeyBuilder key = new(recipe, options);
        await foreach (TarItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            key.Add(item);
            if (!key.IsKnown)
            {
                break;
            }
        }

        return key.ToKey();
    }
}
