namespace DevOps.Archives.Directories;

/// <summary>What a file system says of a path, asked once.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">The permission bits, where there are any.</param>
/// <param name="LengthBytes">The size of a file.</param>
/// <param name="Modified">When the content was changed.</param>
/// <param name="Origin">What tells this file, in this state, from any other; <see langword="null"/> where the system does not say.</param>
internal readonly record struct FileStatus(FileStatusKind Kind, int Mode, long LengthBytes, FileTime Modified, FileOrigin? Origin)
{
    /// <summary>Asks about a path itself, not about what a link leads to.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isDirectory">Whether it was listed as a directory, or as a link to one.</param>
    /// <exception cref="IOException">The path cannot be asked.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be asked.</exception>
    internal static FileStatus Read(string path, bool isDirectory)
    {
        if (OperatingSystem.IsLinux())
        {
            return LinuxFileStatus.Read(path);
        }

        FileSystemInfo info = isDirectory ? new DirectoryInfo(path) : new FileInfo(path);
        FileStatusKind kind = info.LinkTarget is not null ? FileStatusKind.SymbolicLink : isDirectory ? FileStatusKind.Directory : FileStatusKind.File;
        return new(
            kind,
            OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode & 0xFFF,
            kind == FileStatusKind.File ? ((FileInfo)info).Length : 0,
            new(new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds(), 0),
            null);
    }
}
