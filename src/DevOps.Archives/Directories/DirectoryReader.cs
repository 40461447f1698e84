using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>Reads a directory as members of an archive, in the order in which they are packed.</summary>
public static class DirectoryReader
{
    /// <summary>Streams a directory's members: the root and what is above it, then everything in the order of <see cref="TarPathComparer"/>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="options">How; <see cref="DirectoryOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>The members; each directory is read when enumeration reaches it. Memory: the names of the directories on the way from the root to the member at hand.</returns>
    /// <exception cref="DirectoryNotFoundException">The directory is not there, or is not a directory.</exception>
    /// <exception cref="DirectoryEntryException">Something in it cannot be packed: a device, a link loop, a link out of the directory.</exception>
    public static IEnumerable<TarItem> Read(string directory, DirectoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        DirectoryInfo root = new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        if (!root.Exists)
        {
            FileInfo file = new(root.FullName);
            throw new DirectoryNotFoundException(
                file.LinkTarget is { } target ? $"'{directory}' is a symbolic link to '{target}', which leads to no directory. Name the directory itself."
                : file.Exists ? $"'{directory}' is a file, not a directory. Name the directory that holds it."
                : $"The directory '{directory}' does not exist. Check the path.");
        }

        return ReadCore(root, options ?? DirectoryOptions.Default);
    }

    private static IEnumerable<TarItem> ReadCore(DirectoryInfo root, DirectoryOptions options)
    {
        string prefix = "";
        foreach (string name in options.Root.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            prefix += name;
            if (options.ImplicitParents == ImplicitParents.Write)
            {
                yield return new(options.Describe(new(prefix, TarMemberKind.Directory)), null);
            }

            prefix += "/";
        }

        WalkLife life = new();
        try
        {
            foreach (TarItem member in new DirectoryWalk(root.FullName, options, life).Enumerate(root.FullName, prefix))
            {
                yield return member;
            }
        }
        finally
        {
            life.IsOver = true;
        }
    }
}
