using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One image of an archive.</summary>
/// <param name="Manifest">The image's manifest or index.</param>
/// <param name="Names">The names that the archive gives it, as <c>alpine:3</c>.</param>
public sealed record DockerArchiveImage(Descriptor Manifest, ImmutableArray<string> Names)
{
    /// <summary>Returns the names and the digest, as one line.</summary>
    public override string ToString() => $"{(Names.IsDefaultOrEmpty ? "" : $"{string.Join(", ", Names)} ")}{Manifest.Digest}";
}
