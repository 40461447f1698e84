namespace DevOps;

/// <summary>The base of every error that this SDK defines.</summary>
/// <remarks>Argument errors, cancellation and I/O failures keep the types of the base class library. A message says what was tried, what came back and what to do; it never holds a secret.</remarks>
public class DevOpsException : Exception
{
    /// <summary>Creates an error with its message.</summary>
    /// <param name="message">What was tried, what came back, what to do.</param>
    public DevOpsException(string message) : base(message)
    {
    }

    /// <summary>Creates an error with its message and cause.</summary>
    /// <param name="message">What was tried, what came back, what to do.</param>
    /// <param name="innerException">The cause.</param>
    public DevOpsException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
