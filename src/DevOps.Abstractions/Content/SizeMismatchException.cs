using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Content is shorter or longer than its descriptor says.</summary>
public sealed class SizeMismatchException : ContentVerificationException
{
    /// <summary>Creates the error.</summary>
    /// <param name="origin">Where the content was read from.</param>
    /// <param name="expected">What was asked for.</param>
    /// <param name="actualBytes">The bytes that came; of longer content, one more than expected was read at the most.</param>
    public SizeMismatchException(string origin, Descriptor expected, long actualBytes)
        : base(
            $"Expected {expected?.SizeBytes} bytes of {expected?.Digest} from {origin} but "
            + (actualBytes < expected?.SizeBytes ? $"only {actualBytes} came. " : "more came. ")
            + "The transfer was cut off or the stored copy is damaged: retry, and if it fails again delete the content there and write it again.",
            origin,
            expected ?? throw new ArgumentNullException(nameof(expected)))
        => ActualBytes = actualBytes;

    /// <summary>Gets the number of bytes that came; of longer content, one more than expected at the most.</summary>
    public long ActualBytes { get; }
}
