using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>The variable by which everything that a process started is found again, wherever it went. Its value names the run of the process, and before it the runs around it, separated by commas.</summary>
internal static class ProcessCookie
{
    internal const string Variable = "DEVOPS_PROCESS_COOKIE";

    /// <summary>Returns a value that no other process on this machine has: a thread cannot start two processes in the same instant.</summary>
    internal static string Create() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{Stopwatch.GetTimestamp()}");

    internal static string Add(string? outer, string cookie) => string.IsNullOrEmpty(outer) ? cookie : $"{outer},{cookie}";

    /// <summary>Tells whether an environment, as the kernel has it, each variable ended by a zero byte, holds the cookie.</summary>
    internal static bool IsIn(ReadOnlySpan<byte> environment, string cookie)
    {
        ReadOnlySpan<byte> name = "DEVOPS_PROCESS_COOKIE="u8;
        while (!environment.IsEmpty)
        {
            int end = environment.IndexOf((byte)0);
            ReadOnlySpan<byte> variable = end < 0 ? environment : environment[..end];
            if (variable.StartsWith(name))
            {
                return Encoding.UTF8.GetString(variable[name.Length..]).Split(',').Contains(cookie, StringComparer.Ordinal);
            }

            environment = end < 0 ? [] : environment[(end + 1)..];
        }

        return false;
    }
}
