using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The mirrors that had a part in one piece of content.</summary>
internal sealed class MirrorUse(PullMirrors mirrors)
{
    private readonly ConcurrentDictionary<RegistryAddress, bool> _used = new();

    /// <summary>Gets whether there are any.</summary>
    internal bool IsAny => !_used.IsEmpty;

    internal void Add(RegistryAddress mirror) => _used[mirror] = true;

    /// <summary>Leaves them alone for a while.</summary>
    internal void Leave(string reason)
    {
        foreach (RegistryAddress mirror in _used.Keys)
        {
            mirrors.Leave(mirror, reason);
        }
    }
}
