using System.Globalization;

namespace DevOps.Benchmarks.Comparison;

/// <summary>The most memory that a process had so far.</summary>
internal static class PeakMemory
{
    /// <summary>Gets that of this process, in bytes.</summary>
    internal static long OfThis => Of("self");

    /// <summary>Gets that of a process, in bytes.</summary>
    /// <remarks>Source: proc(5), VmHWM of /proc/pid/status: pages of files that others only cached do not count.</remarks>
    internal static long Of(string process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
