namespace DevOps.Registry.Server;

/// <summary>Says whether a registry's content can be changed.</summary>
public enum RegistryMode
{
    /// <summary>Content can be read and changed.</summary>
    ReadWrite,

    /// <summary>Content can be read only.</summary>
    ReadOnly,
}
