namespace DevOps.Archives.Directories;

/// <summary>What to do with a symbolic link in a directory that is packed.</summary>
public enum SymbolicLinks
{
    /// <summary>The link is packed as a link, its target unchanged. A link that leads only to itself is refused.</summary>
    Keep,

    /// <summary>What the link leads to is packed in its place; it must be inside the directory that is packed, and must not lead back to a parent.</summary>
    Follow,

    /// <summary>A link is an error.</summary>
    Refuse,
}
