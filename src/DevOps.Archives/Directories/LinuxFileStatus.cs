using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DevOps.Archives.Directories;

/// <summary>What Linux says of a path beyond the base class library, which tells only files, directories and links apart.</summary>
/// <remarks>Uses <c>statx</c>, whose structure is the same on every architecture. Source: Linux man-pages, statx(2), inode(7); linux/stat.h for the offsets.</remarks>
[SupportedOSPlatform("linux")]
internal readonly partial record struct LinuxFileStatus(bool IsRegular, uint LinkCount, (uint Major, uint Minor, ulong Inode) Identity)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeLinksAndInode = 0x1 | 0x4 | 0x100;
    private const int LinksOffset = 16;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Asks about a path itself, not about what a link leads to.</summary>
    /// <exception cref="IOException">The path cannot be asked.</exception>
    internal static LinuxFileStatus Read(string path)
    {
        Span<byte> status = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, NoFollow, TypeLinksAndInode, ref MemoryMarshal.GetReference(status)) != 0)
        {
            throw new IOException($"'{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        return new(
            (BitConverter.ToUInt16(status[ModeOffset..]) & TypeMask) == Regular,
            BitConverter.ToUInt32(status[LinksOffset..]),
            (BitConverter.ToUInt32(status[DeviceOffset..]), BitConverter.ToUInt32(status[(DeviceOffset + 4)..]), BitConverter.ToUInt64(status[InodeOffset..])));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
