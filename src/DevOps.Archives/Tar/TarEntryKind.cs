namespace DevOps.Archives.Tar;

/// <summary>What an entry of an archive that is read is.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "ustar Interchange Format", typeflag; GNU tar manual, "Basic Tar Format".</remarks>
public enum TarEntryKind
{
    /// <summary>A regular file; a sparse one is read with its holes as zeros.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>Another name for an earlier entry.</summary>
    HardLink,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>Something of a type that is not known here. Its content can be read as that of a file.</summary>
    Other,
}
