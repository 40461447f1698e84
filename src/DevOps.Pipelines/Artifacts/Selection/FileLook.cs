using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DevOps.Pipelines;

/// <summary>What a file system says of a path itself, asked once: the base class library does not tell a pipe, which would be waited for without end, from an empty file.</summary>
/// <remarks>Source: Linux man-pages, statx(2), inode(7); linux/stat.h for the offsets.</remarks>
internal readonly partial record struct FileLook(FileKind Kind, int Mode, long LengthBytes)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint Wanted = 0x1 | 0x2 | 0x200;
    private const int ModeOffset = 28;
    private const int LengthOffset = 40;
    private const int NotThere = 2;
    private const int NotAllowed = 13;

    /// <summary>Asks about a path.</summary>
    /// <exception cref="IOException">The path cannot be asked, or is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be asked.</exception>
    internal static FileLook At(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return OnLinux(path);
        }

        FileInfo info = new(path);
        FileAttributes attributes = File.GetAttributes(path);
        FileKind kind = info.LinkTarget is not null ? FileKind.SymbolicLink
            : (attributes & FileAttributes.Directory) != 0 ? FileKind.Directory
            : (attributes & FileAttributes.Device) != 0 ? FileKind.Other
            : FileKind.File;
        return new(kind, OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode & 0x1FF, kind == FileKind.File ? info.Length : 0);
    }

    [SupportedOSPlatform("linux")]
    private static FileLook OnLinux(string path)
    {
        Span<byte> status = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, NoFollow, Wanted, ref MemoryMarshal.GetReference(status)) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw error switch
            {
                NotThere => new FileNotFoundException($"'{path}' was listed, and is gone. Something removes files meanwhile; let it finish first.", path),
                NotAllowed => new UnauthorizedAccessException($"'{path}' may not be read. Let this user read it, or leave it out."),
                _ => new IOException($"'{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(error)}."),
            };
        }

        int mode = BitConverter.ToUInt16(status[ModeOffset..]);
        FileKind kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.SymbolicLink,
            _ => FileKind.Other,
        };
        return new(kind, mode & 0x1FF, kind == FileKind.File ? BitConverter.ToInt64(status[LengthOffset..]) : 0);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
