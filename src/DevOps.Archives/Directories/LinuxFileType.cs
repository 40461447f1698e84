using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DevOps.Archives.Directories;

/// <summary>Asks Linux what kind of file a path is; the base class library tells only files, directories and links apart.</summary>
/// <remarks>Uses <c>statx</c>, whose structure is the same on every architecture. Source: Linux man-pages, statx(2), inode(7).</remarks>
[SupportedOSPlatform("linux")]
internal static partial class LinuxFileType
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint WantType = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Returns whether the path is a regular file.</summary>
    /// <exception cref="IOException">The path cannot be asked.</exception>
    internal static bool IsRegular(string path)
    {
        Span<byte> status = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, NoFollow, WantType, ref MemoryMarshal.GetReference(status)) != 0)
        {
            throw new IOException($"'{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        return (BitConverter.ToUInt16(status[ModeOffset..]) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
