namespace DevOps.Registry.Server;

/// <summary>Tells what the file system meant by an error.</summary>
/// <remarks>Source: the numbers of Linux, macOS and Windows (errno.h, winerror.h).</remarks>
internal static class DiskError
{
    private const int Linux = 0;
    private const int Mac = 1;
    private const int Windows = 2;

    private static int System => OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsMacOS() ? Mac : Linux;

    /// <summary>Returns whether somebody else has the file open. That passes; other errors do not by waiting.</summary>
    internal static bool IsTaken(IOException error) => (System, error.HResult & 0xFFFF) is (Linux, 11) or (Mac, 35) or (Windows, 32 or 33);

    /// <summary>Returns whether there is no room for more, on the disk or for this user.</summary>
    internal static bool IsFull(IOException error) => (System, error.HResult & 0xFFFF) is (Linux, 28 or 122) or (Mac, 28 or 69) or (Windows, 39 or 112);
}
