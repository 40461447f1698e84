using System.Runtime.InteropServices;

namespace DevOps.Archives.Extraction;

/// <summary>Gives a file another name; the base class library cannot.</summary>
internal static partial class HardLinks
{
    internal static void Create(string existing, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Copy(existing, path);
        }
        else if (Link(existing, path) != 0)
        {
            throw new IOException($"'{path}' cannot be made another name of '{existing}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    /// <summary>Does it where the file system can: on one volume, with the rights, below the number of names that a file may have.</summary>
    internal static bool TryCreate(string existing, string path) => !OperatingSystem.IsWindows() && Link(existing, path) == 0;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
}
