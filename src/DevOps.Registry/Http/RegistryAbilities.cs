using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Remembers what registries refused, so that they are not asked for it again and again.</summary>
internal sealed class RegistryAbilities
{
    private readonly ConcurrentDictionary<(RegistryAddress, RegistryAbility), bool> _missing = new();

    internal bool Has(RegistryAddress registry, RegistryAbility ability) => !_missing.ContainsKey((registry, ability));

    internal void Miss(RegistryAddress registry, RegistryAbility ability) => _missing[(registry, ability)] = true;
}

/// <summary>What a registry may be able to do, beyond what all can.</summary>
internal enum RegistryAbility
{
    /// <summary>Takes a whole blob in the request that would open a session.</summary>
    OneTripBlobs,

    /// <summary>Takes a blob in chunks.</summary>
    Chunks,
}
