namespace DevOps.Registry.Server;

/// <summary>What happens when a client asks to take a blob over and names no repository that has it.</summary>
public enum AnonymousMount
{
    /// <summary>The client uploads it.</summary>
    Upload,

    /// <summary>A repository that holds it and that the caller may take over from is looked for, which takes time in a registry of many repositories.</summary>
    Search,
}
