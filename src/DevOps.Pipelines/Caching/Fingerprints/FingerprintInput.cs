using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>One named input of a fingerprint, with its own digest.</summary>
public sealed class FingerprintInput
{
    internal FingerprintInput(FingerprintInputKind kind, string name, Digest digest, ImmutableArray<FingerprintFile> files) => (Kind, Name, Digest, Files) = (kind, name, digest, files);

    /// <summary>Gets what it is.</summary>
    public FingerprintInputKind Kind { get; }

    /// <summary>Gets its name; no other input of its kind has it.</summary>
    public string Name { get; }

    /// <summary>Gets the digest of all that it is.</summary>
    public Digest Digest { get; }

    /// <summary>Gets its files, ordered by path. Empty if it has none, or more than were to be recorded.</summary>
    public ImmutableArray<FingerprintFile> Files { get; }

    /// <summary>Returns its kind and name.</summary>
    public override string ToString() => Kind == FingerprintInputKind.Version ? "version" : $"{Kind.ToString().ToLowerInvariant()} '{Name}'";
}
