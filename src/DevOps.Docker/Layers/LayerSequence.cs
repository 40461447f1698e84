using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Holds the rules of layers that an archive alone does not have, over entries that come in order: one for each path, directories above all of them (unless they are to be left out), and no name that means a deletion by chance.</summary>
/// <remarks>Memory: the last entry, and names that it starts with. Source: OCI image-spec 1.1, layer.md, "Change Types" and "Whiteouts".</remarks>
internal sealed class LayerSequence(DirectoryOptions options, Func<string, Exception> error)
{
    private readonly List<TarItem> _parents = [];

    // Names that a directory could still have by mistake: all that come between 'a' and 'a/' start with 'a'.
    private readonly Stack<TarItem> _files = new();
    private TarItem? _last;
    private string _lastKey = "";

    /// <summary>Takes the next entry and returns the directories that must come before it, outer ones first. The list is used again for the next entry.</summary>
    /// <exception cref="DirectoryEntryException">A name would delete something.</exception>
    internal IReadOnlyList<TarItem> Enter(TarItem item)
    {
        if (item is null)
        {
            throw error("An entry of a layer is null.");
        }

        string key = LayerEntryComparer.Key(item);
        CheckOrder(item, key);
        CheckParents(item, key);
        _parents.Clear();
        string path = item.Member.Path;
        for (int slash = path.IndexOf('/', _lastKey.AsSpan().CommonPrefixLength(path)); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            TarItem parent = new(options.Describe(new(path[..slash], TarMemberKind.Directory)), null);
            CheckName(parent, item);
            if (options.ImplicitParents == ImplicitParents.Write)
            {
                _parents.Add(parent);
            }
        }

        CheckName(item, item);
        (_last, _lastKey) = (item, key);
        if (item.Member.Kind != TarMemberKind.Directory && !LayerEntry.IsWhiteout(item))
        {
            _files.Push(item);
        }

        return _parents;
    }

    private void CheckOrder(TarItem item, string key)
    {
        if (_last is not null && TarPathComparer.Instance.Compare(_lastKey, key) is var order and >= 0)
        {
            throw error(order == 0
                ? $"{Name(item)} comes twice in a layer, as {Description(_last)} and as {Description(item)}. Leave one of them out."
                : $"{Name(item)} comes behind {Name(_last)} and belongs before it. Yield entries in the order of LayerEntryComparer, or give them as a list, which is sorted.");
        }

        if (item.Member is { Kind: TarMemberKind.HardLink, LinkTarget: { } target } && TarPathComparer.Instance.Compare(target, item.Member.Path) >= 0)
        {
            throw error($"{Name(item)} is a hard link to '/{target}', which does not come before it. Make the file of '/{item.Member.Path}', and the link of '/{target}'.");
        }
    }

    private void CheckParents(TarItem item, string key)
    {
        while (_files.TryPeek(out TarItem? file) && !key.StartsWith(file.Member.Path, StringComparison.Ordinal))
        {
            _files.Pop();
        }

        if (_files.TryPeek(out TarItem? above) && key.Length > above.Member.Path.Length && key[above.Member.Path.Length] == '/')
        {
            throw error(above.Member.Path == item.Member.Path
                ? $"{Name(above)} comes twice in a layer, as {Description(above)} and as {Description(item)}. Leave one of them out."
                : $"{Name(item)} cannot be in a layer beside {Name(above)}: that is {Description(above)}, not a directory.");
        }
    }

    private static void CheckName(TarItem named, TarItem item)
    {
        string path = named.Member.Path;
        if (path.AsSpan(path.LastIndexOf('/') + 1).StartsWith(LayerEntry.WhiteoutPrefix) && !LayerEntry.IsWhiteout(named))
        {
            throw new DirectoryEntryException(item.Content?.FilePath ?? path, "in a layer, a name that starts with '.wh.' deletes a file of a lower layer", "Rename it.");
        }
    }

    private static string Name(TarItem item) => $"'/{item.Member.Path}{(item.Member.Kind == TarMemberKind.Directory ? "/" : "")}'";

    private static string Description(TarItem item) => item.Member.Kind switch
    {
        _ when LayerEntry.IsWhiteout(item) => "a deletion",
        TarMemberKind.Directory => "a directory",
        TarMemberKind.SymbolicLink => $"a symbolic link to '{item.Member.LinkTarget}'",
        TarMemberKind.HardLink => $"a hard link to '{item.Member.LinkTarget}'",
        _ => item.Content?.FilePath is { } path ? $"the file '{path}'" : "a file",
    };
}
