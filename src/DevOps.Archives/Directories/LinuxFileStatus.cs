using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DevOps.Archives.Directories;

/// <summary>Asks Linux all that matters of a path in one call, and more than the base class library tells.</summary>
/// <remarks>
/// Uses <c>statx</c>, whose structure is the same on every architecture, and in its default manner: what a network's file system has not asked its server about could be old.
/// Source: Linux man-pages, statx(2), inode(7); linux/stat.h for the offsets.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static partial class LinuxFileStatus
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint Wanted = 0x1 | 0x2 | 0x4 | 0x40 | 0x80 | 0x100 | 0x200;
    private const int LinksOffset = 16;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int LengthOffset = 40;
    private const int ChangedOffset = 96;
    private const int ModifiedOffset = 112;
    private const int DeviceOffset = 136;

    private const int NotThere = 2;
    private const int NotAllowed = 13;

    /// <summary>Asks about a path itself, not about what a link leads to.</summary>
    /// <exception cref="IOException">The path cannot be asked.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be asked.</exception>
    internal static FileStatus Read(string path) => Read(path, NoFollow);

    /// <summary>Asks about what a path leads to.</summary>
    /// <exception cref="IOException">The path cannot be asked.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be asked.</exception>
    internal static FileStatus ReadFollowed(string path) => Read(path, 0);

    private static FileStatus Read(string path, int flags)
    {
        Span<byte> status = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, flags, Wanted, ref MemoryMarshal.GetReference(status)) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            string message = $"'{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(error)}.";
            throw error switch
            {
                NotThere => new FileNotFoundException(message, path),
                NotAllowed => new UnauthorizedAccessException(message),
                _ => new IOException(message),
            };
        }

        int mode = BitConverter.ToUInt16(status[ModeOffset..]);
        return new(
            KindOf(mode),
            mode & 0xFFF,
            BitConverter.ToInt64(status[LengthOffset..]),
            TimeAt(status[ModifiedOffset..]),
            new(
                BitConverter.ToUInt32(status[DeviceOffset..]),
                BitConverter.ToUInt32(status[(DeviceOffset + 4)..]),
                BitConverter.ToUInt64(status[InodeOffset..]),
                BitConverter.ToUInt32(status[LinksOffset..]),
                TimeAt(status[ChangedOffset..])));
    }

    private static FileStatusKind KindOf(int mode) => (mode & 0xF000) switch
    {
        0x8000 => FileStatusKind.File,
        0x4000 => FileStatusKind.Directory,
        0xA000 => FileStatusKind.SymbolicLink,
        _ => FileStatusKind.Other,
    };

    private static FileTime TimeAt(ReadOnlySpan<byte> time) => new(BitConverter.ToInt64(time), BitConverter.ToUInt32(time[8..]));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
