using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>One walk through a directory tree, depth first, each directory sorted as its paths will be.</summary>
internal sealed class DirectoryWalk(string root, DirectoryOptions options)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    // Real paths of the directories that enumeration is inside of: following a link into one of them would never end.
    private readonly List<string> _open = [root];

    // The first member of each file that has several.
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), TarMember> _shared = [];

    internal IEnumerable<TarItem> Enumerate(DirectoryInfo directory, string prefix)
    {
        List<(string Key, FileSystemInfo Info)> entries = [];
        foreach (FileSystemInfo info in directory.EnumerateFileSystemInfos("*", Everything))
        {
            CheckName(info);
            FileSystemInfo effective = Effective(info);
            entries.Add((effective is DirectoryInfo && effective.LinkTarget is null ? info.Name + "/" : info.Name, effective));
        }

        entries.Sort((x, y) => TarPathComparer.Instance.Compare(x.Key, y.Key));
        foreach ((string key, FileSystemInfo info) in entries)
        {
            string path = prefix + key.TrimEnd('/');
            if (info.LinkTarget is { } target)
            {
                yield return new(options.Describe(new(path, TarMemberKind.SymbolicLink) { LinkTarget = target }, info), null);
            }
            else if (info is DirectoryInfo child)
            {
                yield return new(options.Describe(new(path, TarMemberKind.Directory), child), null);
                _open.Add(child.FullName);
                foreach (TarItem member in Enumerate(child, path + "/"))
                {
                    yield return member;
                }

                _open.RemoveAt(_open.Count - 1);
            }
            else
            {
                yield return FileMember((FileInfo)info, path);
            }
        }
    }

    private TarItem FileMember(FileInfo file, string path)
    {
        CheckRegular(file);
        TarMember member = options.Describe(new(path, TarMemberKind.File) { LengthBytes = file.Length }, file);
        if (options.SharedFiles == SharedFiles.Copy || !OperatingSystem.IsLinux() || LinuxFileStatus.Read(file.FullName) is not { LinkCount: > 1 } status)
        {
            return new(member, TarContent.FromFile(file.FullName));
        }

        if (_shared.TryAdd(status.Identity, member))
        {
            return new(member, TarContent.FromFile(file.FullName));
        }

        // What a file is, it is under all its names; only the first holds its content and its attributes.
        TarMember first = _shared[status.Identity];
        return new(new(path, TarMemberKind.HardLink) { LinkTarget = first.Path, Mode = first.Mode, ModifiedAt = first.ModifiedAt, OwnerId = first.OwnerId, GroupId = first.GroupId }, null);
    }

    private FileSystemInfo Effective(FileSystemInfo info)
    {
        if (info.LinkTarget is not { } target)
        {
            return info;
        }

        switch (options.SymbolicLinks)
        {
            case SymbolicLinks.Keep:
                LinkChain.Check(info.FullName, target, root);
                return info;
            case SymbolicLinks.Follow:
                return Followed(info, target);
            default:
                throw new DirectoryEntryException(info.FullName, $"it is a symbolic link to '{target}', and links are refused", "Remove it, or choose to keep or follow links.");
        }
    }

    private FileSystemInfo Followed(FileSystemInfo info, string target)
    {
        LinkChain.Check(info.FullName, target, root);
        FileSystemInfo final = info.ResolveLinkTarget(returnFinalTarget: true)!;
        if (!final.Exists)
        {
            throw new DirectoryEntryException(info.FullName, $"it is a symbolic link to '{target}', which is not there", "Remove it, or keep links as links.");
        }

        if (!final.FullName.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && final.FullName != root)
        {
            throw new DirectoryEntryException(info.FullName, $"it is a symbolic link to '{target}', outside '{root}'", "Copy what it leads to into the directory, or keep links as links.");
        }

        if (final is DirectoryInfo && _open.Contains(final.FullName))
        {
            throw new DirectoryEntryException(info.FullName, $"it is a symbolic link to '{target}', a directory that it is itself in, so following it would never end", "Remove it, or keep links as links.");
        }

        return final;
    }

    private static void CheckName(FileSystemInfo info)
    {
        // What the bytes were is lost: packed, the name or the target would be another.
        if (info.Name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new DirectoryEntryException(info.FullName, "its name is not valid UTF-8", "Rename it.");
        }

        if (info.LinkTarget?.Contains('\uFFFD', StringComparison.Ordinal) == true)
        {
            throw new DirectoryEntryException(info.FullName, "it is a symbolic link whose target is not valid UTF-8", "Make it again, to a name in UTF-8.");
        }
    }

    private static void CheckRegular(FileInfo file)
    {
        // Pipes, sockets and devices have no length; opening one could wait for ever.
        if (file.Length == 0 && OperatingSystem.IsLinux() && !LinuxFileStatus.Read(file.FullName).IsRegular)
        {
            throw new DirectoryEntryException(file.FullName, "it is a pipe, a socket or a device", "Remove it.");
        }
    }
}
