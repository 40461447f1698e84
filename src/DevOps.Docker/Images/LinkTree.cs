using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>The symbolic links that are seen when layers lie on each other, the lowest read first. Only links are kept.</summary>
/// <remarks>Source: OCI image-spec 1.1, layer.md, "Applying Changesets" and "Whiteouts": what a layer deletes is of layers below it, wherever in it the deletion stands.</remarks>
internal sealed class LinkTree
{
    private const long MaxCharacters = 16 << 20;

    // Those of the layer that is read, which it cannot delete.
    private readonly Dictionary<string, string> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    // The same paths in order, to find those below a directory.
    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal);
    private long _characters;

    internal int Count => _targets.Count;

    /// <summary>Takes an entry of the layer that is read.</summary>
    /// <returns>Whether there is room for more.</returns>
    internal bool Add(TarArchiveEntry entry)
    {
        string[] names = [.. entry.Name.Split('/').Where(name => name is not ("" or "."))];
        if (names.Length == 0 || names.Contains(".."))
        {
            return true;
        }

        string path = string.Join('/', names);
        if (names[^1].StartsWith(LayerEntry.WhiteoutPrefix, StringComparison.Ordinal))
        {
            AddWhiteout(string.Join('/', names[..^1]), names[^1]);
            return true;
        }

        Remove(path);
        _own.Remove(path);
        if (entry.Kind != TarEntryKind.Directory)
        {
            RemoveBelow(path);
        }

        string? target = entry.Kind switch
        {
            TarEntryKind.SymbolicLink => entry.LinkTarget,
            TarEntryKind.HardLink => FindBeneath(entry.LinkTarget!.Trim('/')),
            _ => null,
        };
        if (target is not null)
        {
            _own[path] = target;
            _characters += path.Length + target.Length;
        }

        return _characters <= MaxCharacters;
    }

    /// <summary>Ends a layer: what it has is now below the next.</summary>
    internal void CompleteLayer()
    {
        foreach ((string path, string target) in _own)
        {
            _targets[path] = target;
            _paths.Add(path);
        }

        _own.Clear();
    }

    /// <summary>Returns where a link points, or <see langword="null"/> if the path is not one.</summary>
    internal string? Find(string path) => _targets.GetValueOrDefault(path);

    /// <summary>Returns whether a path is a link, or has one below it.</summary>
    internal bool Holds(string path) => _targets.ContainsKey(path) || Below(path).Min is not null;

    /// <summary>Returns what a link leads to, from the root; a further link there is not followed.</summary>
    internal static string Destination(string link, string target)
    {
        List<string> names = target.StartsWith('/') ? [] : [.. link.Split('/')[..^1]];
        foreach (string name in target.Split('/').Where(name => name is not ("" or ".")))
        {
            if (name != "..")
            {
                names.Add(name);
            }
            else if (names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
        }

        return "/" + string.Join('/', names);
    }

    private string? FindBeneath(string path) => _own.GetValueOrDefault(path) ?? Find(path);

    private void AddWhiteout(string directory, string name)
    {
        if (name == LayerEntry.OpaqueName)
        {
            RemoveBelow(directory);
        }
        else if (!name.StartsWith(".wh..wh.", StringComparison.Ordinal))
        {
            string path = (directory.Length == 0 ? "" : directory + "/") + name[LayerEntry.WhiteoutPrefix.Length..];
            Remove(path);
            RemoveBelow(path);
        }
    }

    private void RemoveBelow(string directory)
    {
        foreach (string path in Below(directory).ToArray())
        {
            Remove(path);
        }
    }

    private void Remove(string path)
    {
        if (_targets.Remove(path, out string? target))
        {
            _paths.Remove(path);
            _characters -= path.Length + target.Length;
        }
    }

    // '0' is the character behind '/'.
    private SortedSet<string> Below(string directory) => directory.Length == 0 || _paths.Count == 0 ? _paths : _paths.GetViewBetween(directory + "/", directory + "0");
}
