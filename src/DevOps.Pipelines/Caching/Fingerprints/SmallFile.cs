using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DevOps.Pipelines;

/// <summary>Reads a small file whole by three calls to the kernel, where the base class library takes more than twice as many.</summary>
/// <remarks>Source: Linux man-pages, open(2), read(2), close(2).</remarks>
[SupportedOSPlatform("linux")]
internal static partial class SmallFile
{
    // Not blocking: what became a pipe since it was listed could be waited for without end.
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;

    /// <summary>Reads a file that is smaller than a buffer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lengthBytes">Its size when it was listed.</param>
    /// <param name="buffer">Room for more than that.</param>
    /// <returns>Whether it still has that size, and was read whole; if not, the long way has to tell.</returns>
    internal static bool TryRead(string path, long lengthBytes, Span<byte> buffer)
    {
        int file = Open(path, ReadOnlyNonBlockingCloseOnExec);
        if (file < 0)
        {
            return false;
        }

        // More was asked for than there is: a regular file ends where it gives less.
        nint read = Read(file, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        _ = Close(file);
        return read == lengthBytes;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
