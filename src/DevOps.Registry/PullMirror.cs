using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A registry that holds copies of another's content, and is asked before it. Content is written to the registry itself alone.</summary>
/// <param name="Address">Where the mirror is. It is reached with the options and credentials of its own address, never with those of the registry that it mirrors.</param>
/// <remarks>The mirror is told which registry is meant by <c>?ns=</c>. Source: containerd, "Registry Configuration", the parameter <c>ns</c>.</remarks>
public sealed record PullMirror(RegistryAddress Address)
{
    /// <summary>Gets where the mirror is.</summary>
    public RegistryAddress Address { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = Address ?? throw new ArgumentNullException(nameof(Address));

    /// <summary>Gets what the mirror is believed.</summary>
    /// <value><see cref="MirrorTrust.Digests"/> by default.</value>
    public MirrorTrust Trust { get; init; }
}
