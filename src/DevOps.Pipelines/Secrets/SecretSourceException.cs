namespace DevOps.Pipelines;

/// <summary>A source of secrets failed, so that nobody knows whether it holds the secret; sources behind it are not asked.</summary>
public sealed class SecretSourceException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="secretName">The name of the secret.</param>
    /// <param name="source">The name of the source.</param>
    /// <param name="reason">What went wrong and what to do, as a sentence without its end; holds nothing that the source gave.</param>
    /// <param name="innerException">The cause.</param>
    public SecretSourceException(string secretName, string source, string reason, Exception? innerException = null)
        : base($"The secret '{secretName}' cannot be taken from {source}: {reason}.", innerException) => (SecretName, SourceName) = (secretName, source);

    /// <summary>Gets the name of the secret.</summary>
    public string SecretName { get; }

    /// <summary>Gets the name of the source.</summary>
    public string SourceName { get; }
}
