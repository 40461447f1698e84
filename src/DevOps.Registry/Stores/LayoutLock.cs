namespace DevOps.Registry;

/// <summary>Lets one process at a time change a file. The lock's own file stays: removing it could let two hold it.</summary>
internal static class LayoutLock
{
    internal const string FileName = ".lock";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    internal static Task<FileStream> EnterAsync(string directory, CancellationToken cancellationToken) =>
        EnterFileAsync(Path.Combine(directory, FileName), new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None }, cancellationToken);

    internal static async Task<FileStream> EnterFileAsync(string path, FileStreamOptions options, CancellationToken cancellationToken)
    {
        // Most hold it for less than a millisecond.
        for (TimeSpan pause = TimeSpan.FromMilliseconds(1); ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return new(path, options);
            }
            catch (IOException e) when (IsHeld(e))
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns the lock, or <see langword="null"/> if another has it.</summary>
    internal static FileStream? TryEnterFile(string path)
    {
        try
        {
            return new(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None });
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>Returns whether another has a file open, or it is gone.</summary>
    internal static bool IsInUse(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0);
            return false;
        }
        catch (IOException e) when (e is FileNotFoundException || IsHeld(e))
        {
            return true;
        }
    }

    // EWOULDBLOCK on Linux, EAGAIN on macOS, a sharing violation on Windows: the only errors that waiting mends.
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
