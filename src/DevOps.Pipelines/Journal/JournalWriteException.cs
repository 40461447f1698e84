namespace DevOps.Pipelines;

/// <summary>Records could not be made durable. Those that were acknowledged before stay; the journal takes no more.</summary>
public sealed class JournalWriteException(string path, Exception innerException) : DevOpsException(
    $"'{path}' could not be written: {innerException.Message} Records that were acknowledged before are kept; the others may be lost. " +
    "Make room there or mend the disk, then open the run again to go on.",
    innerException)
{
    /// <summary>Gets the file.</summary>
    public string Path { get; } = path;
}
