namespace DevOps.Pipelines;

/// <summary>What a path is.</summary>
internal enum FileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link itself.</summary>
    SymbolicLink,

    /// <summary>A pipe, a socket or a device.</summary>
    Other,
}
