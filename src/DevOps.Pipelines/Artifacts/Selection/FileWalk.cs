using System.IO.Enumeration;
using DevOps.Archives.Tar;

namespace DevOps.Pipelines;

/// <summary>Finds the files that patterns choose. Directories that no pattern leads into are not read.</summary>
/// <remarks>Memory: one entry for each file that is chosen, which the limit bounds, and the names of the directories on the way.</remarks>
internal sealed class FileWalk
{
    /// <summary>How the names of directories begin that a restore is working in; they are nobody's files.</summary>
    internal const string RestoringPrefix = ".devops-restoring-";

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    private readonly string _root;
    private readonly FilePatterns _patterns;
    private readonly FileLimits _limits;
    private readonly CancellationToken _cancellationToken;
    private readonly List<SelectedFile> _found = [];
    private readonly bool[] _matched;
    private long _count;
    private long _bytes;

    private FileWalk(string root, FilePatterns patterns, FileLimits limits, CancellationToken cancellationToken)
    {
        (_root, _patterns, _limits, _cancellationToken) = (root, patterns, limits, cancellationToken);
        _matched = new bool[patterns.Included.Length];
    }

    /// <summary>Finds files.</summary>
    /// <param name="root">The root's full path.</param>
    /// <param name="patterns">What is chosen.</param>
    /// <param name="limits">How much may be chosen.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>Files, links, directories that hold some and empty directories that were matched, in the order of <see cref="TarPathComparer"/>; and the patterns that chose nothing.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no root.</exception>
    /// <exception cref="FileSelectionException">A file cannot be kept: a pipe, a link that leads out.</exception>
    /// <exception cref="FileLimitException">There is more than is allowed.</exception>
    internal static FileSelection Find(string root, FilePatterns patterns, FileLimits limits, CancellationToken cancellationToken)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(full))
        {
            throw new DirectoryNotFoundException($"The directory '{root}', where files are looked for, does not exist. Check the path, and that what makes it ran.");
        }

        FileWalk walk = new(full, patterns, limits, cancellationToken);
        walk.Enter(full, "", patterns.IncludedSet.Start(), patterns.ExcludedSet.Start());
        walk._found.Sort((left, right) => TarPathComparer.Instance.Compare(KeyOf(left), KeyOf(right)));
        return new(full, walk._found, [.. patterns.Included.Where((_, i) => !walk._matched[i])], walk._count, walk._bytes);
    }

    private static string KeyOf(in SelectedFile file) => file.Kind == FileKind.Directory ? file.Path + "/" : file.Path;

    /// <summary>Looks into a directory.</summary>
    /// <returns>Whether there was something in it.</returns>
    private bool Enter(string directory, string prefix, ulong[] included, ulong[] excluded)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        bool any = false;
        foreach (string name in new FileSystemEnumerable<string>(directory, (ref FileSystemEntry entry) => entry.FileName.ToString(), Everything))
        {
            if (name.StartsWith(RestoringPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            bool isFile = _patterns.IncludedSet.MatchesFile(included, name);
            ulong[] below = _patterns.IncludedSet.Enter(included, name);
            if (!isFile && !PatternSet.LeadsOn(below))
            {
                continue;
            }

            string path = prefix + name;
            FileLook look = FileLook.At(Path.Join(directory, name));
            if (look.Kind == FileKind.Directory)
            {
                any |= EnterBelow(look, path, name, below, excluded);
            }
            else if (isFile && !_patterns.ExcludedSet.MatchesFile(excluded, name))
            {
                _patterns.IncludedSet.MatchesFile(included, name, _matched);
                Add(look, path, name);
                any = true;
            }
        }

        return any;
    }

    private bool EnterBelow(in FileLook look, string path, string name, ulong[] included, ulong[] excluded)
    {
        ulong[] below = _patterns.ExcludedSet.Enter(excluded, name);
        if (!PatternSet.LeadsOn(included) || PatternSet.TakesEverything(below))
        {
            return false;
        }

        bool isWanted = Enter(Path.Join(_root, path), path + "/", included, below) || PatternSet.TakesEverything(included);
        if (isWanted)
        {
            CheckName(path, name);
            _limits.CheckFiles(++_count, path);
            _found.Add(new(path, FileKind.Directory, look.Mode, 0, null));
        }

        return isWanted;
    }

    private void Add(in FileLook look, string path, string name)
    {
        CheckName(path, name);
        _limits.CheckFiles(++_count, path);
        LinkEnd? link = null;
        switch (look.Kind)
        {
            case FileKind.Other:
                throw new FileSelectionException(path, "it is a pipe, a socket or a device", "Remove it, or leave it out by a pattern.");
            case FileKind.SymbolicLink:
                link = LinkEnd.Of(_root, path, new FileInfo(Path.Join(_root, path)).LinkTarget ?? throw new IOException($"'{path}' was a symbolic link, and is none any more. Something changes files meanwhile; let it finish first."));
                if (link.Escape is { } escape)
                {
                    throw new FileSelectionException(path, escape, "Make it a relative link to something in the root, put a copy in its place, or leave it out by a pattern.");
                }

                break;
            default:
                _bytes += look.LengthBytes;
                _limits.CheckBytes(_bytes, path);
                break;
        }

        _found.Add(new(path, look.Kind, look.Mode, look.LengthBytes, link));
    }

    // What the bytes were is lost: stored, the name would be another.
    private static void CheckName(string path, string name)
    {
        if (name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new FileSelectionException(path, "its name is not valid UTF-8", "Rename it, or leave it out by a pattern.");
        }
    }
}
