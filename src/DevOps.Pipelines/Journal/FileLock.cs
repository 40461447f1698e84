using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>A lock that is a file: the system gives it back when its holder's process is gone, however that ended. Excludes within a process too. The file stays.</summary>
internal static partial class FileLock
{
    private const int ExclusiveNoWait = 2 | 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes the lock if it is free.</summary>
    /// <returns>Gives the lock back when it is disposed; <see langword="null"/> if another has it.</returns>
    /// <exception cref="IOException">The file cannot be written, or its file system has no locks.</exception>
    internal static SafeFileHandle? TryEnter(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Verify(handle, path);
            return handle;
        }
        catch (IOException e) when (IsHeld(e))
        {
            handle?.Dispose();
            return null;
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the lock. It is meant for moments: the waiting looks every 10 ms by the clock of the system, and has no order.</summary>
    internal static async Task<SafeFileHandle> EnterAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryEnter(path) is { } handle)
            {
                return handle;
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    // Opening ignores a file system that cannot lock, and can be told by a switch of the runtime not to lock at all. To ask again for a lock that one has succeeds.
    private static void Verify(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsWindows() && Lock(handle, ExclusiveNoWait) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException($"'{path}' could not be locked: {Marshal.GetPInvokeErrorMessage(error)}. Keep the runs on a file system that has locks.", error);
        }
    }

    // EWOULDBLOCK on Linux, EAGAIN on macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle descriptor, int operation);
}
