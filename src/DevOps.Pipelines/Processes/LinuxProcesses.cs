using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Finds what a process started, on Linux: what carries its cookie, what has a parent that belongs to it, and what was seen to belong to it before its parent ended.</summary>
internal sealed class LinuxProcesses(int rootId, string cookie)
{
    private readonly HashSet<(int Id, ulong StartTicks)> _seen = [];

    // Read right after the start. A child of another parent is a later process with the same id.
    private readonly LinuxProcess? _root = LinuxProcess.Read(rootId) is { } root && root.ParentId == Environment.ProcessId ? root : null;

    internal static bool AreVisible => File.Exists("/proc/self/stat");

    /// <summary>Returns those that are alive.</summary>
    internal IReadOnlyCollection<LinuxProcess> Find()
    {
        Dictionary<int, LinuxProcess> found = [];
        List<LinuxProcess> others = [];
        foreach (LinuxProcess process in All())
        {
            if (Belongs(process))
            {
                found.Add(process.Id, process);
            }
            else
            {
                others.Add(process);
            }
        }

        // Children of what belongs, and theirs; the list is in no order of descent.
        while (others.RemoveAll(process => found.ContainsKey(process.ParentId) && found.TryAdd(process.Id, process)) > 0)
        {
        }

        _seen.UnionWith(found.Values.Select(process => (process.Id, process.StartTicks)));
        return found.Values;
    }

    internal static void Signal(IEnumerable<LinuxProcess> processes, int signal)
    {
        foreach (LinuxProcess process in processes)
        {
            if (LinuxProcess.Read(process.Id)?.StartTicks == process.StartTicks)
            {
                _ = UnixSignal.Send(process.Id, signal);
            }
        }
    }

    private bool Belongs(LinuxProcess process) =>
        (process.Id == rootId && process.StartTicks == _root?.StartTicks)
        || _seen.Contains((process.Id, process.StartTicks))
        || (process.StartTicks >= (_root?.StartTicks ?? 0) && ProcessCookie.IsIn(LinuxProcess.ReadEnvironment(process.Id), cookie));

    private static IEnumerable<LinuxProcess> All()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && id > 1 && id != Environment.ProcessId && LinuxProcess.Read(id) is { } process)
            {
                yield return process;
            }
        }
    }
}
