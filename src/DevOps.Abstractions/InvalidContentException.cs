namespace DevOps;

/// <summary>A document does not follow its specification, so acting on it would be guessing.</summary>
public sealed class InvalidContentException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="document">Which document, and where in it.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    public InvalidContentException(string document, string reason, Exception? innerException = null, string remedy = "It was refused; have its producer write it again.")
        : base($"The {document} is not valid: {reason.TrimEnd('.')}. {remedy}", innerException)
        => (Document, Reason) = (document, reason);

    /// <summary>Gets which document, and where in it.</summary>
    public string Document { get; }

    /// <summary>Gets what is wrong.</summary>
    public string Reason { get; }
}
