using System.Runtime.InteropServices;

namespace DevOps.Pipelines;

/// <summary>Sends signals. Windows has none.</summary>
/// <remarks>Source: POSIX.1, kill().</remarks>
internal static partial class UnixSignal
{
    /// <summary>Sends a signal to one process.</summary>
    /// <returns>Whether it was sent: the process may be gone, or another user's.</returns>
    internal static bool Send(int processId, int signal)
    {
        // Zero and below are groups of processes, the own one among them.
        ArgumentOutOfRangeException.ThrowIfLessThan(processId, 2);
        return Kill(processId, signal) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
