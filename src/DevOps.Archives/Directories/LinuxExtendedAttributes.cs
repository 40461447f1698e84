using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>Reads the extended attributes of a path itself, not of what a link leads to.</summary>
/// <remarks>Source: Linux man-pages, llistxattr(2), lgetxattr(2), xattr(7): neither a list nor a value has more than 64 KiB.</remarks>
[SupportedOSPlatform("linux")]
internal static partial class LinuxExtendedAttributes
{
    private const string Capability = "security.capability";
    private const int MaxBytes = 1 << 16;
    private const int NoData = 61;
    private const int NotSupported = 95;

    private static readonly string[] OfTheMachine =
    [
        "security.selinux", "security.SMACK64", "security.apparmor", "security.evm", "system.nfs4_", "trusted.overlay.", "user.overlay.",
        "user.fuseoverlayfs.", "user.containers.", "user.rootlesscontainers", "btrfs.",
    ];

    /// <exception cref="IOException">The attributes cannot be read.</exception>
    /// <exception cref="DirectoryEntryException">A name cannot be stored.</exception>
    internal static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Read(string path, ExtendedAttributes wanted)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> attributes = TarMember.NoAttributes;
            foreach (string name in wanted == ExtendedAttributes.Keep ? Names(path, buffer) : [Capability])
            {
                int length = Checked(Get(path, name, ref buffer[0], MaxBytes), path);
                attributes = length > 0 ? attributes.Add(name, buffer.AsSpan(0, length).ToArray()) : attributes;
            }

            return attributes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static bool IsOfTheFile(string name) => !OfTheMachine.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static List<string> Names(string path, byte[] buffer)
    {
        int length = Checked(List(path, ref buffer[0], MaxBytes), path);
        List<string> names = [.. Encoding.UTF8.GetString(buffer, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(IsOfTheFile)];
        return names.Find(name => name.AsSpan().ContainsAny('=', '\uFFFD')) is { } bad
            ? throw new DirectoryEntryException(path, $"the name of its extended attribute '{bad}' has a '=' or is not valid UTF-8", "Remove the attribute.")
            : names;
    }

    // An attribute that went away meanwhile, or that the file system cannot have, is not there.
    private static int Checked(nint length, string path) => (int)length >= 0 ? (int)length
        : Marshal.GetLastPInvokeError() is NoData or NotSupported ? 0
        : throw new IOException($"The extended attributes of '{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint List(string path, ref byte list, nuint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(string path, string name, ref byte value, nuint size);
}
