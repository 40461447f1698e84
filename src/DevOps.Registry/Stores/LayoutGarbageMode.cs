namespace DevOps.Registry;

/// <summary>What garbage collection does with what it finds.</summary>
public enum LayoutGarbageMode
{
    /// <summary>Removes it.</summary>
    Remove,

    /// <summary>Leaves it, and tells what would be removed. Needs no right to write.</summary>
    DryRun,
}
