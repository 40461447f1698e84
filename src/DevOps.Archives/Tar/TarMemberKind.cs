namespace DevOps.Archives.Tar;

/// <summary>What a member of an archive is.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "ustar Interchange Format", typeflag.</remarks>
public enum TarMemberKind
{
    /// <summary>A regular file with content.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link; its target is kept as text.</summary>
    SymbolicLink,

    /// <summary>Another name for an earlier member of the same archive.</summary>
    HardLink,
}
