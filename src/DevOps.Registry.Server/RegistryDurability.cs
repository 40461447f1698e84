namespace DevOps.Registry.Server;

/// <summary>What a registry's acknowledged content survives.</summary>
public enum RegistryDurability
{
    /// <summary>The end of the process at any moment. After a loss of power, what was pushed in the last seconds may be missing or damaged, as the file system has it.</summary>
    ProcessLoss,

    /// <summary>A loss of power too: content and the directories that name it are on the disk before a push is acknowledged. Each push waits for the disk.</summary>
    PowerLoss,
}
