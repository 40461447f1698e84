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
        if (OperatingSystem.IsWindows())
        {
            return info is DirectoryInfo ? Executable : Plain;
        }

        int mode = (int)info.UnixFileMode & 0xFFF;
        return modes == FileModes.Preserve ? mode : info is DirectoryInfo || (mode & AnyExecute) != 0 ? Executable : Plain;
    }
}
