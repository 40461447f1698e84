using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Makes entries of layers that come from no file on disk, and those that delete. Paths are from the image's root, with or without the leading slash.</summary>
/// <remarks>Owners are 0 and times the Unix epoch; change them with <c>entry with { Member = entry.Member with { … } }</c>.</remarks>
public static class LayerEntry
{
    internal const string WhiteoutPrefix = ".wh.";
    internal const string OpaqueName = ".wh..wh..opq";

    // What tells a deletion that was asked for from a file that only has such a name.
    private static readonly TarContent Deletion = TarContent.FromBytes(default);

    /// <summary>Returns a file with content in memory.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="content">The content; kept, not copied.</param>
    /// <param name="mode">The permission bits; octal 0644 if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The path is malformed.</exception>
    public static TarItem File(string path, ReadOnlyMemory<byte> content, int? mode = null)
    {
        TarMember member = Member(path, TarMemberKind.File) with { LengthBytes = content.Length };
        return new(mode is { } bits ? member with { Mode = bits } : member, TarContent.FromBytes(content));
    }

    /// <summary>Returns a directory.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="mode">The permission bits; octal 0755 if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The path is malformed.</exception>
    public static TarItem Directory(string path, int? mode = null)
    {
        TarMember member = Member(path, TarMemberKind.Directory);
        return new(mode is { } bits ? member with { Mode = bits } : member, null);
    }

    /// <summary>Returns a symbolic link.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="target">Where it points, as text; need not exist.</param>
    /// <exception cref="ArgumentException">The path is malformed, or the target is empty.</exception>
    public static TarItem SymbolicLink(string path, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        return new(Member(path, TarMemberKind.SymbolicLink) with { LinkTarget = target }, null);
    }

    /// <summary>Returns another name for a file of the same layer.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="target">The file's path; it must come before the link in the order of <see cref="LayerEntryComparer"/>.</param>
    /// <exception cref="ArgumentException">A path is malformed.</exception>
    public static TarItem HardLink(string path, string target) =>
        new(Member(path, TarMemberKind.HardLink) with { LinkTarget = Member(target, TarMemberKind.File).Path }, null);

    /// <summary>Returns an entry that deletes a file or a whole directory of the layers below. What its own layer has at that path stays.</summary>
    /// <param name="path">What to delete.</param>
    /// <exception cref="ArgumentException">The path is malformed, or is that of a deletion itself.</exception>
    /// <remarks>Source: OCI image-spec 1.1, layer.md, "Whiteouts".</remarks>
    public static TarItem Whiteout(string path)
    {
        string deleted = Member(path, TarMemberKind.File).Path;
        int name = deleted.LastIndexOf('/') + 1;
        return !deleted.AsSpan(name).StartsWith(WhiteoutPrefix, StringComparison.Ordinal)
            ? new(new(deleted.Insert(name, WhiteoutPrefix), TarMemberKind.File), Deletion)
            : throw new ArgumentException($"'{path}' cannot be deleted: no file of an image has a name that starts with '{WhiteoutPrefix}'.", nameof(path));
    }

    /// <summary>Returns an entry that deletes all that the layers below have in a directory, and not the directory. What its own layer has there stays.</summary>
    /// <param name="directory">The directory; <c>/</c> for all of the base.</param>
    /// <exception cref="ArgumentException">The path is malformed.</exception>
    /// <remarks>Readers must know both forms, and producers should name each file with <see cref="Whiteout"/> where they can. Source: OCI image-spec 1.1, layer.md, "Opaque Whiteout".</remarks>
    public static TarItem OpaqueWhiteout(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new(directory == "/" ? new(OpaqueName, TarMemberKind.File) : new($"{Member(directory, TarMemberKind.Directory).Path}/{OpaqueName}", TarMemberKind.File), Deletion);
    }

    /// <summary>Returns whether an entry deletes: made to do so here, and still named so.</summary>
    internal static bool IsWhiteout(TarItem item)
    {
        if (!ReferenceEquals(item.Content, Deletion) || item.Member.Kind != TarMemberKind.File)
        {
            return false;
        }

        ReadOnlySpan<char> name = item.Member.Path.AsSpan(item.Member.Path.LastIndexOf('/') + 1);
        return name.Length > WhiteoutPrefix.Length && name.StartsWith(WhiteoutPrefix);
    }

    private static TarMember Member(string path, TarMemberKind kind)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(path.StartsWith('/') ? path[1..] : path, kind);
    }
}
