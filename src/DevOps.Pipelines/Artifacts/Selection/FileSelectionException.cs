namespace DevOps.Pipelines;

/// <summary>A file that patterns chose cannot be taken.</summary>
public sealed class FileSelectionException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file, from the root of the files.</param>
    /// <param name="reason">Why it cannot be taken, as the end of a sentence.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    public FileSelectionException(string path, string reason, string remedy) : base($"'{path}' cannot be taken: {reason}. {remedy}") => Path = path;

    /// <summary>Gets the file, from the root of the files.</summary>
    public string Path { get; }
}
