namespace DevOps.Pipelines;

/// <summary>A journal, or a message to a run, does not hold what was written. It is never repaired by guessing: a record that is silently lost would let work be done twice.</summary>
public sealed class JournalDamagedException(string path, long offset, string expected, string found, string remedy) : DevOpsException(
    $"'{path}' cannot be trusted from byte {offset} on: expected {expected}, found {found}. Nothing was changed. {remedy}")
{
    /// <summary>Gets the file.</summary>
    public string Path { get; } = path;

    /// <summary>Gets where in the file, in bytes, the part begins that is not right. Everything before it is.</summary>
    public long Offset { get; } = offset;

    /// <summary>Gets what should be there.</summary>
    public string Expected { get; } = expected;

    /// <summary>Gets what is there.</summary>
    public string Found { get; } = found;
}
