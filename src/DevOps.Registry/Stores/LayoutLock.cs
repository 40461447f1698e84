namespace DevOps.Registry;

/// <summary>Lets one process at a time change a layout's index. The file stays: removing it could let two hold it.</summary>
internal static class LayoutLock
{
    internal const string FileName = ".lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    internal static async Task<FileStream> EnterAsync(string directory, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, FileName);
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeld(e))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // EWOULDBLOCK on Linux, EAGAIN on macOS, a sharing violation on Windows: the only errors that waiting mends.
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
