using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Compares entries by their order in a layer: that of <see cref="TarPathComparer"/>, and in each directory what deletes comes first.</summary>
/// <remarks>
/// Behind a directory's own entry comes its opaque whiteout, then its other whiteouts by the names that they delete, then everything else. A tree that deletes nothing is ordered as by
/// <see cref="TarPathComparer"/>. Source: OCI image-spec 1.1, layer.md, "Whiteouts": they should appear before their siblings.
/// </remarks>
public sealed class LayerEntryComparer : IComparer<TarItem>
{
    private LayerEntryComparer()
    {
    }

    /// <summary>Gets the comparer.</summary>
    public static LayerEntryComparer Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(TarItem? x, TarItem? y) => TarPathComparer.Instance.Compare(x is null ? null : Key(x), y is null ? null : Key(y));

    /// <summary>Returns the text whose place in the order of paths is the entry's place in a layer.</summary>
    internal static string Key(TarItem item)
    {
        string path = item.Member.Path;
        if (!LayerEntry.IsWhiteout(item))
        {
            return item.Member.Kind == TarMemberKind.Directory ? path + "/" : path;
        }

        // No name has a NUL in it, so nothing sorts before one: alone for the opaque whiteout, before the deleted name for the others.
        int name = path.LastIndexOf('/') + 1;
        string parent = path[..name];
        return path.AsSpan(name).SequenceEqual(LayerEntry.OpaqueName) ? parent + '\0' : $"{parent}\0{path.AsSpan(name + LayerEntry.WhiteoutPrefix.Length)}";
    }
}
