using DevOps.Oci;

namespace DevOps.Content;

/// <summary>A copy failed; says at which end and on which content. The cause is the inner exception.</summary>
public sealed class ContentCopyException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="side">The end that failed.</param>
    /// <param name="descriptor">The content at work.</param>
    /// <param name="cause">The cause.</param>
    public ContentCopyException(CopySide side, Descriptor descriptor, Exception cause)
        : base($"Copying{Named(descriptor, cause)} failed at the {(side == CopySide.Source ? "source" : "target")}: {cause?.Message}", cause)
        => (Side, Descriptor) = (side, descriptor ?? throw new ArgumentNullException(nameof(descriptor)));

    /// <summary>Gets the end that failed.</summary>
    public CopySide Side { get; }

    /// <summary>Gets the content at work.</summary>
    public Descriptor Descriptor { get; }

    // Once is enough: most causes say it themselves.
    private static string Named(Descriptor? descriptor, Exception? cause) =>
        descriptor?.Digest.ToString() is { } digest && cause?.Message.Contains(digest, StringComparison.Ordinal) != true ? " " + digest : "";
}
