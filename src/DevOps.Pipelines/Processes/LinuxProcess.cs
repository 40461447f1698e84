using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>One process of Linux. An id is given to another process some time after its end; id and start are not.</summary>
/// <param name="Id">The process's id.</param>
/// <param name="ParentId">Its parent's.</param>
/// <param name="StartTicks">When it started, in ticks since the system did.</param>
/// <remarks>Source: Linux man-pages, proc_pid_stat(5), proc_pid_environ(5).</remarks>
internal readonly record struct LinuxProcess(int Id, int ParentId, ulong StartTicks)
{
    /// <summary>Reads what the kernel tells of a process; <see langword="null"/> if it ended, collected or not.</summary>
    internal static LinuxProcess? Read(int id)
    {
        try
        {
            return Parse(id, File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the line of a process.</summary>
    internal static LinuxProcess? Parse(int id, string stat)
    {
        // The second field is the program's name in parentheses, and it may hold any characters.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && fields[0] is not ("Z" or "X" or "x")
            && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            && ulong.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            ? new(id, parent, start)
            : null;
    }

    /// <summary>Reads the environment that a process was started with; empty if that is not to be had. The kernel keeps it below 6 MiB.</summary>
    internal static byte[] ReadEnvironment(int id)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
