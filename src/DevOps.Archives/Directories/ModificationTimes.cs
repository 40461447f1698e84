namespace DevOps.Archives.Directories;

/// <summary>Which time members get, beside <see cref="DirectoryOptions.ModifiedAt"/>.</summary>
public enum ModificationTimes
{
    /// <summary>All have <see cref="DirectoryOptions.ModifiedAt"/>, so that times on disk, which differ in every checkout, change no bytes.</summary>
    Overwrite,

    /// <summary>Each has its time on disk, cut to whole seconds, and none a later one than <see cref="DirectoryOptions.ModifiedAt"/>: files of a build get that, older ones keep theirs.</summary>
    Clamp,
}
