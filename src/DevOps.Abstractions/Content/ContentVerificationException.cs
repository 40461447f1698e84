using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Content that was read is not the content its descriptor names.</summary>
public abstract class ContentVerificationException : DevOpsException
{
    private protected ContentVerificationException(string message, string origin, Descriptor expected) : base(message) => (Origin, Expected) = (origin, expected);

    /// <summary>Gets where the content was read from.</summary>
    public string Origin { get; }

    /// <summary>Gets what was asked for.</summary>
    public Descriptor Expected { get; }
}
