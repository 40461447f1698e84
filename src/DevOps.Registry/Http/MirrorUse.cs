using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The mirrors that had a part in one piece of content, and those that failed at it: none of them is asked for it again, however long the others take.</summary>
internal sealed class MirrorUse(PullMirrors mirrors)
{
    private readonly ConcurrentDictionary<RegistryAddress, bool> _used = new();
    private readonly ConcurrentDictionary<RegistryAddress, bool> _failed = new();

    /// <summary>Gets whether there are any.</summary>
    internal bool IsAny => !_used.IsEmpty;

    internal void Add(RegistryAddress mirror) => _used[mirror] = true;

    internal bool HasFailed(RegistryAddress mirror) => _failed.ContainsKey(mirror);

    /// <summary>Leaves all that had a part alone for a while; what they gave counts no more.</summary>
    internal void Leave(string reason)
    {
        foreach (RegistryAddress mirror in _used.Keys)
        {
            Leave(mirror, reason);
        }

        _used.Clear();
    }

    /// <summary>Leaves one alone for a while. What it gave stays a part of the content.</summary>
    internal void Leave(RegistryAddress mirror, string reason)
    {
        _failed[mirror] = true;
        mirrors.Leave(mirror, reason);
    }
}
