namespace DevOps.Archives.Directories;

/// <summary>What to do with files that are one file under several names.</summary>
public enum SharedFiles
{
    /// <summary>Each name is packed as a file of its own.</summary>
    Copy,

    /// <summary>The first name is packed as a file, every other as a hard link to it. On Linux; elsewhere as <see cref="Copy"/>.</summary>
    Link,
}
