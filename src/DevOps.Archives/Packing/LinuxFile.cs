using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DevOps.Archives.Packing;

/// <summary>Reads a small file whole by three calls to the kernel, where the base class library takes eight: it asks for the file's kind and length and locks it too.</summary>
/// <remarks>Source: Linux man-pages, open(2), readv(2), close(2).</remarks>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFile
{
    // Not blocking: what became a pipe is told from a file after it is open, and opening it could last for ever.
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;

    /// <summary>Reads up to one byte more than there is room for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Room for what is expected.</param>
    /// <returns>How many bytes there were, the one too many included; -1 if anything failed or came in parts, and the long way has to tell.</returns>
    internal static int ReadWhole(string path, Span<byte> content)
    {
        // A path for the kernel ends at a NUL.
        int file = path.Contains('\0', StringComparison.Ordinal) ? -1 : Open(path, ReadOnlyNonBlockingCloseOnExec);
        if (file < 0)
        {
            return -1;
        }

        byte beyond;
        nint read;
        fixed (byte* start = content)
        {
            Part* parts = stackalloc Part[2];
            parts[0] = new(start, content.Length);
            parts[1] = new(&beyond, 1);
            read = ReadV(file, parts, 2);
        }

        _ = Close(file);
        return read == content.Length || read == content.Length + 1 ? (int)read : -1;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "readv")]
    private static partial nint ReadV(int file, Part* parts, int count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    private readonly struct Part(byte* start, nint length)
    {
        public readonly byte* Start = start;
        public readonly nint Length = length;
    }
}
