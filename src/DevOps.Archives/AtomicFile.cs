using DevOps.Archives.Directories;
using DevOps.Archives.Extraction;

namespace DevOps.Archives;

/// <summary>Writes a file that is there only when it is whole: the bytes go to a file beside it, which takes the name when they are complete.</summary>
/// <remarks>A process that is killed leaves the old file or the new one, never half of it. The disk is not waited for, so a loss of power may. Disposing without <see cref="Commit"/> removes what was written, as after an error or a cancellation.</remarks>
public sealed class AtomicFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _partialPath;
    private bool _committed;

    private AtomicFile(string path, string partialPath, FileStream content) => (_path, _partialPath, Content) = (path, partialPath, content);

    /// <summary>Gets the stream to write to.</summary>
    public FileStream Content { get; }

    internal string PartialPath => _partialPath;

    /// <summary>Starts to write a file.</summary>
    /// <param name="path">The file's path; its directory must exist.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    public static AtomicFile Create(string path) => Create(path, null);

    /// <summary>Starts to write a file that only some may read, from its first byte on.</summary>
    /// <param name="path">The file's path; its directory must exist.</param>
    /// <param name="permissions">The file's permissions, less the process's own mask; they play no part on Windows.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    public static AtomicFile Create(string path, UnixFileMode permissions) => Create(path, (UnixFileMode?)permissions);

    private static AtomicFile Create(string path, UnixFileMode? permissions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = TargetOf(path);
        string partial = PartialOf(path);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 1 << 16, Options = FileOptions.Asynchronous };
        if (permissions is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = permissions;
        }

        return new(path, partial, new(partial, options));
    }

    /// <summary>Makes the path another name of a file, in place of what it names.</summary>
    /// <returns>Whether the file system could; if not, nothing was changed.</returns>
    internal static bool TryLink(string existing, string path)
    {
        path = TargetOf(path);
        string partial = PartialOf(path);
        if (!HardLinks.TryCreate(existing, partial))
        {
            return false;
        }

        try
        {
            File.Move(partial, path, overwrite: true);
            return true;
        }
        finally
        {
            // Moving one name of a file over another does nothing.
            File.Delete(partial);
        }
    }

    /// <summary>Writes a small file that is there only when it is whole.</summary>
    /// <param name="path">The file's path; its directory must exist.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left of it.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    public static async Task WriteAllBytesAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        AtomicFile file = Create(path);
        await using (file.ConfigureAwait(false))
        {
            await file.Content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            file.Commit();
        }
    }

    /// <summary>Gives the file its name, replacing one that has it.</summary>
    public void Commit()
    {
        Content.Dispose();
        File.Move(_partialPath, _path, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_committed)
        {
            return;
        }

        try
        {
            await Content.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The last buffered bytes may not fit on a full disk; that failure was reported by whoever wrote, and the file goes away now.
        }

        File.Delete(_partialPath);
    }

    private static string PartialOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetRandomFileName()}.partial");

    private static string TargetOf(string path)
    {
        path = Path.GetFullPath(path);

        // A link stays a link: what it leads to is replaced.
        FileInfo target = new(path);
        path = target.LinkTarget is null ? path : target.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string directory = Path.GetDirectoryName(path) ?? throw new ArgumentException($"'{path}' is not a file's path.", nameof(path));
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"'{path}' cannot be written: the directory '{directory}' does not exist. Create it first.");
        }

        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' cannot be written: it is a directory. Name a file in it.");
        }

        if (OperatingSystem.IsLinux() && File.Exists(path) && LinuxFileStatus.Read(path).Kind != FileStatusKind.File)
        {
            throw new IOException($"'{path}' cannot be written: it is a device, a pipe or a socket, which a file would replace. Name a file.");
        }

        return path;
    }
}
