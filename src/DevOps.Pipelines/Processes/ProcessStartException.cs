namespace DevOps.Pipelines;

/// <summary>A program cannot be started: most often it is not installed.</summary>
public sealed class ProcessStartException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="fileName">The program.</param>
    /// <param name="reason">What the system said.</param>
    /// <param name="innerException">The cause.</param>
    public ProcessStartException(string fileName, string reason, Exception? innerException = null)
        : base($"'{fileName}' cannot be started: {reason.TrimEnd('.')}. Install it, or give its full path.", innerException) => FileName = fileName;

    /// <summary>Gets the program.</summary>
    public string FileName { get; }
}
