namespace DevOps.Archives.Directories;

/// <summary>Keeps, follows or refuses the symbolic links of one tree.</summary>
internal sealed class LinkPolicy(string root, SymbolicLinks links)
{
    // Real paths of the directories that enumeration is inside of: following a link into one of them would never end.
    private readonly List<string> _open = [root];

    internal void Enter(string directory) => _open.Add(directory);

    internal void Leave() => _open.RemoveAt(_open.Count - 1);

    internal WalkedEntry Apply(string path, in FileStatus status)
    {
        FileInfo link = new(path);
        if (link.LinkTarget is not { } target)
        {
            throw new IOException($"'{path}' cannot be read: it was a symbolic link, and is none any more.");
        }

        // What the bytes were is lost: packed, the target would be another.
        if (target.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new DirectoryEntryException(path, "it is a symbolic link whose target is not valid UTF-8", "Make it again, to a name in UTF-8.");
        }

        switch (links)
        {
            case SymbolicLinks.Keep:
                LinkChain.Check(path, target, root);
                return new(path, status, target);
            case SymbolicLinks.Follow:
                FileSystemInfo final = Follow(link, target);
                return new(final.FullName, FileStatus.Read(final.FullName, final is DirectoryInfo), null);
            default:
                throw new DirectoryEntryException(path, $"it is a symbolic link to '{target}', and links are refused", "Remove it, or choose to keep or follow links.");
        }
    }

    private FileSystemInfo Follow(FileInfo link, string target)
    {
        LinkChain.Check(link.FullName, target, root);
        FileSystemInfo final = link.ResolveLinkTarget(returnFinalTarget: true)!;
        if (!final.Exists && Directory.Exists(final.FullName))
        {
            final = new DirectoryInfo(final.FullName);
        }

        if (!final.Exists)
        {
            throw new DirectoryEntryException(link.FullName, $"it is a symbolic link to '{target}', which is not there", "Remove it, or keep links as links.");
        }

        if (!final.FullName.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && final.FullName != root)
        {
            throw new DirectoryEntryException(link.FullName, $"it is a symbolic link to '{target}', outside '{root}'", "Copy what it leads to into the directory, or keep links as links.");
        }

        if (final is DirectoryInfo && _open.Contains(final.FullName))
        {
            throw new DirectoryEntryException(link.FullName, $"it is a symbolic link to '{target}', a directory that it is itself in, so following it would never end", "Remove it, or keep links as links.");
        }

        return final;
    }
}
