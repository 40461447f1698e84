using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Content has the right size and the wrong digest: it was damaged, or it is something else.</summary>
public sealed class DigestMismatchException : ContentVerificationException
{
    /// <summary>Creates the error.</summary>
    /// <param name="origin">Where the content was read from.</param>
    /// <param name="expected">What was asked for.</param>
    /// <param name="actual">The digest of the bytes that came.</param>
    public DigestMismatchException(string origin, Descriptor expected, Digest actual)
        : base(
            $"Expected {expected?.Digest} from {origin} but the {expected?.SizeBytes} bytes that came are {actual}. "
            + "The stored copy or the transfer is damaged: delete the content there, write it again, then retry.",
            origin,
            expected ?? throw new ArgumentNullException(nameof(expected)))
        => Actual = actual;

    /// <summary>Gets the digest of the bytes that came.</summary>
    public Digest Actual { get; }
}
