namespace DevOps.Registry.Server;

/// <summary>What garbage collection does with what it finds.</summary>
public enum RegistryGarbageMode
{
    /// <summary>Removes it.</summary>
    Remove,

    /// <summary>Leaves it, and tells what would be removed.</summary>
    DryRun,
}
