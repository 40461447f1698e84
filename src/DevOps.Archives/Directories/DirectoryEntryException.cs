namespace DevOps.Archives.Directories;

/// <summary>Something in a directory cannot become a member of an archive.</summary>
public sealed class DirectoryEntryException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The entry on disk.</param>
    /// <param name="reason">Why it cannot be packed, as the end of a sentence.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    public DirectoryEntryException(string path, string reason, string remedy) : base($"'{path}' cannot be packed: {reason}. {remedy}") => Path = path;

    /// <summary>Gets the entry on disk.</summary>
    public string Path { get; }
}
