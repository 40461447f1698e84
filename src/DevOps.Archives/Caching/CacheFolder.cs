namespace DevOps.Archives.Caching;

/// <summary>The files of a cache: each appears whole or not at all, and its time of access says when it was used last.</summary>
/// <remarks>Everything is below a folder named by the format's version, so that another version's files, and the user's, are neither read nor removed.</remarks>
internal sealed class CacheFolder(string path, TimeProvider timeProvider)
{
    internal const string Segments = "segments";
    internal const string Trees = "trees";
    internal const string Archives = "archives";
    internal const string Blobs = "blobs";

    private const string Version = "1";
    private const string Suffix = ".partial";

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = true };

    /// <summary>Gets the kinds of entries.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = [Segments, Trees, Archives, Blobs];

    internal string Path => path;

    internal string PartialDirectory => System.IO.Path.Combine(path, Version, "new");

    internal string UsageFile => System.IO.Path.Combine(path, Version, "usage");

    internal DateTimeOffset Now => timeProvider.GetUtcNow();

    internal string DirectoryOf(string kind) => System.IO.Path.Combine(path, Version, kind);

    /// <summary>Gets where an entry is; <paramref name="name"/> is a hash in hexadecimal.</summary>
    internal string PathOf(string kind, string name) => System.IO.Path.Combine(path, Version, kind, name[..2], name);

    /// <summary>Lists the entries of a kind. A file of someone else's that got there is none.</summary>
    internal IEnumerable<FileInfo> Entries(string kind)
    {
        DirectoryInfo directory = new(DirectoryOf(kind));
        return directory.Exists
            ? directory.EnumerateFiles("*", Everything).Where(file => file.LinkTarget is null && file.Name.Length == 64 && file.Name.All(char.IsAsciiHexDigitLower) && file.Exists)
            : [];
    }

    /// <summary>Gets a name for a file that is not whole yet, in a directory that is there.</summary>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    internal string NewPartial()
    {
        if (!Directory.Exists(PartialDirectory))
        {
            MakeDirectory(PartialDirectory);
        }

        return System.IO.Path.Combine(PartialDirectory, System.IO.Path.GetRandomFileName() + Suffix);
    }

    /// <summary>Writes a file that is there only when it is whole, in place of one that is there.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="write">Writes it, under the name that it is given.</param>
    internal void Write(string entry, Action<string> write)
    {
        string partial = NewPartial();
        try
        {
            write(partial);
            Publish(partial, entry);
        }
        finally
        {
            // It failed; or both names were one file's, and the move did nothing.
            File.Delete(partial);
        }
    }

    private void Publish(string partial, string entry)
    {
        string directory = System.IO.Path.GetDirectoryName(entry)!;
        if (!Directory.Exists(directory))
        {
            MakeDirectory(directory);
        }

        File.Move(partial, entry, overwrite: true);
    }

    /// <summary>Notes that an entry was used. That it cannot be noted does not matter: a folder may be for reading only.</summary>
    internal void Touch(string entry)
    {
        try
        {
            File.SetLastAccessTimeUtc(entry, Now.UtcDateTime);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private void MakeDirectory(string directory)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // Who can write to a cache decides on what others pack.
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            // Not that something vanished: there can be no directory here.
            throw new IOException(exception.Message, exception);
        }
    }
}
