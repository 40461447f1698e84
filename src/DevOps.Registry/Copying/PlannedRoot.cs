using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Something that a plan copies with everything below it.</summary>
/// <param name="Descriptor">The content.</param>
/// <param name="Tag">The tag it gets in the target, or <see langword="null"/>.</param>
/// <param name="Kind">Why it is copied.</param>
public sealed record PlannedRoot(Descriptor Descriptor, string? Tag, PlannedRootKind Kind)
{
    /// <summary>Returns the digest, the tag and why it is copied, as one line.</summary>
    public override string ToString() => $"{Descriptor.Digest}{(Tag is null ? "" : $" as '{Tag}'")} ({Kind})";
}
