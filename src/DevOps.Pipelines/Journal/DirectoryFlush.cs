using System.Runtime.InteropServices;

namespace DevOps.Pipelines;

/// <summary>Makes the names in a directory durable: a file's own flush keeps its bytes, not its name. Windows offers no such call, and its file system keeps a log of names.</summary>
internal static partial class DirectoryFlush
{
    private const int InvalidArgument = 22;

    internal static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
        int descriptor = Open(path, closeOnExec);
        if (descriptor < 0)
        {
            throw Error(path);
        }

        try
        {
            // Some network file systems refuse this for every directory, having nothing to flush.
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Error(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Makes a directory with all above it, and the names of those that were missing durable; its own in any case.</summary>
    internal static void Create(string path)
    {
        List<string> parents = [];
        string? at = path;
        do
        {
            string? parent = Path.GetDirectoryName(at);
            parents.Add(parent ?? at);
            at = parent;
        }
        while (at is not null && !Directory.Exists(at));
        Directory.CreateDirectory(path);
        foreach (string parent in parents)
        {
            Flush(parent);
        }
    }

    private static IOException Error(string path) => new($"The directory '{path}' could not be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
