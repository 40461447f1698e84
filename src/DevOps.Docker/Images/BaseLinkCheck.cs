using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Compares the entries of one layer, in their order, with the symbolic links of its base.</summary>
/// <remarks>Besides directories, whatever is below a link counts: engines make directories that are missing, and do not look through links for that.</remarks>
internal sealed class BaseLinkCheck(string layer, BaseLinkView view)
{
    // What this layer deletes; of a directory whose content it deletes, with a slash behind.
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

    /// <exception cref="BaseLinkException">The entry would replace a link that the layer does not delete.</exception>
    internal async ValueTask CheckAsync(TarItem item, CancellationToken cancellationToken)
    {
        string path = item.Member.Path;
        bool isWhiteout = LayerEntry.IsWhiteout(item);
        bool isDirectory = item.Member.Kind == TarMemberKind.Directory;
        if ((!isWhiteout && !isDirectory && !path.Contains('/', StringComparison.Ordinal)) || await view.GetAsync(cancellationToken).ConfigureAwait(false) is not { Count: > 0 } links)
        {
            return;
        }

        if (isWhiteout)
        {
            Delete(path, links);
            return;
        }

        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            Check(path, path[..slash], links);
        }

        if (isDirectory)
        {
            Check(path, path, links);
        }
    }

    private void Check(string path, string directory, LinkTree links)
    {
        if (links.Find(directory) is { } target && !IsDeleted(directory))
        {
            throw new BaseLinkException(layer, "/" + path, "/" + directory, target, LinkTree.Destination(directory, target));
        }
    }

    private void Delete(string path, LinkTree links)
    {
        int name = path.LastIndexOf('/') + 1;
        string deleted = path.AsSpan(name).SequenceEqual(LayerEntry.OpaqueName) ? path[..name] : path.Remove(name, LayerEntry.WhiteoutPrefix.Length);

        // What touches no link need not be remembered.
        if (deleted.Length == 0 || links.Holds(deleted.TrimEnd('/')))
        {
            _deleted.Add(deleted);
        }
    }

    private bool IsDeleted(string link)
    {
        bool isDeleted = _deleted.Contains(link) || _deleted.Contains("");
        for (int slash = link.IndexOf('/', StringComparison.Ordinal); slash > 0 && !isDeleted; slash = link.IndexOf('/', slash + 1))
        {
            isDeleted = _deleted.Contains(link[..slash]) || _deleted.Contains(link[..(slash + 1)]);
        }

        return isDeleted;
    }
}
