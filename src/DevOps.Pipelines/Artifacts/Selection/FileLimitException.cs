namespace DevOps.Pipelines;

/// <summary>Patterns choose more than is allowed.</summary>
public sealed class FileLimitException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reason">What is too much, as the middle of a sentence.</param>
    /// <param name="limit">What is allowed.</param>
    public FileLimitException(string reason, long limit) : base($"Files were not taken: {reason}. Choose fewer, or allow more in the options.") => Limit = limit;

    /// <summary>Gets what is allowed: files, or bytes.</summary>
    public long Limit { get; }
}
