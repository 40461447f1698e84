namespace DevOps.Archives.Directories;

/// <summary>Chooses the permission bits of packed files.</summary>
public static class FilePermissions
{
    private const int AnyExecute = 0x49;
    private const int Plain = 0x1A4;
    private const int Executable = 0x1ED;

    /// <summary>Returns the permission bits that a file or directory gets in an archive.</summary>
    /// <param name="info">The file or directory on disk.</param>
    /// <param name="modes">Which bits are wanted. On Windows, where files have none, they are always normalised.</param>
    public static int Of(FileSystemInfo info, FileModes modes)
    {
        ArgumentNullException.ThrowIfNull(info);
        return Of(info is DirectoryInfo, OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode & 0xFFF, modes);
    }

    internal static int Of(in FileStatus status, FileModes modes) => Of(status.Kind == FileStatusKind.Directory, status.Mode, modes);

    private static int Of(bool isDirectory, int mode, FileModes modes) =>
        modes == FileModes.Preserve && !OperatingSystem.IsWindows() ? mode
        : isDirectory || (mode & AnyExecute) != 0 ? Executable
        : Plain;
}
