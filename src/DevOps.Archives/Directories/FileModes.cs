namespace DevOps.Archives.Directories;

/// <summary>Which permission bits packed files get.</summary>
public enum FileModes
{
    /// <summary>0755 for directories and for files that anyone may execute, 0644 for other files: the same on every machine, whatever its umask.</summary>
    Normalize,

    /// <summary>The bits that the files have, set-user-ID, set-group-ID and sticky included.</summary>
    Preserve,
}
