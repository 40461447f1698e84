using System.IO.Enumeration;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>One walk through a directory tree, depth first, each directory sorted as its paths will be. A file is asked about once.</summary>
internal sealed class DirectoryWalk(string root, DirectoryOptions options, WalkLife life)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    private readonly LinkPolicy _links = new(root, options.SymbolicLinks);

    // The first member of each file that has several.
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), TarMember> _shared = [];

    internal IEnumerable<TarItem> Enumerate(string directory, string prefix)
    {
        foreach (string key in List(directory))
        {
            string name = key.TrimEnd('/');
            WalkedEntry entry = Look(Path.Join(directory, name), isDirectory: name != key);
            string path = prefix + name;
            switch (entry.Status.Kind)
            {
                case FileStatusKind.SymbolicLink:
                    yield return new(options.Describe(new(path, TarMemberKind.SymbolicLink) { LinkTarget = entry.Target }, entry.Status, entry.Path), null);
                    break;
                case FileStatusKind.Directory:
                    yield return new(options.Describe(new(path, TarMemberKind.Directory), entry.Status, entry.Path), null);
                    _links.Enter(entry.Path);
                    foreach (TarItem member in Enumerate(entry.Path, path + "/"))
                    {
                        yield return member;
                    }

                    _links.Leave();
                    break;
                case FileStatusKind.File:
                    yield return FileMember(entry, path);
                    break;
                default:
                    // They have no length; opening one could wait for ever.
                    throw new DirectoryEntryException(entry.Path, "it is a pipe, a socket or a device", "Remove it.");
            }
        }
    }

    /// <summary>Lists the names of a directory in order, those of directories with a slash behind. Nothing else is kept of what has no turn yet: the directory may be large.</summary>
    private List<string> List(string directory)
    {
        List<string> keys = [];
        foreach ((string name, bool isDirectory) in new FileSystemEnumerable<(string, bool)>(directory, (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory), Everything))
        {
            string path = Path.Join(directory, name);

            // What the bytes were is lost: packed, the name would be another.
            if (name.Contains('\uFFFD', StringComparison.Ordinal))
            {
                throw new DirectoryEntryException(path, "its name is not valid UTF-8", "Rename it.");
            }

            // A link to a directory may stay a link, which is sorted as a file is.
            keys.Add(isDirectory && Look(path, isDirectory).Status.Kind == FileStatusKind.Directory ? name + "/" : name);
        }

        keys.Sort(TarPathComparer.Instance);
        return keys;
    }

    private WalkedEntry Look(string path, bool isDirectory)
    {
        FileStatus status = FileStatus.Read(path, isDirectory);
        return status.Kind == FileStatusKind.SymbolicLink ? _links.Apply(path, status) : new(path, status, null);
    }

    private TarItem FileMember(in WalkedEntry file, string path)
    {
        FileStatus status = file.Status;
        TarMember member = options.Describe(new(path, TarMemberKind.File) { LengthBytes = status.LengthBytes }, status, file.Path);
        if (options.SharedFiles == SharedFiles.Copy || status.Origin is not { LinkCount: > 1 } origin || _shared.TryAdd(origin.Identity, member))
        {
            return new(member, TarContent.FromFile(file.Path, status, life));
        }

        // What a file is, it is under all its names; only the first holds its content and its attributes.
        TarMember first = _shared[origin.Identity];
        return new(new(path, TarMemberKind.HardLink) { LinkTarget = first.Path, Mode = first.Mode, ModifiedAt = first.ModifiedAt, OwnerId = first.OwnerId, GroupId = first.GroupId }, null);
    }
}
