using DevOps.Oci;

namespace DevOps.Archives.Packing;

/// <summary>What was stored, and what it was before compression.</summary>
internal sealed record PackDigests(Digest Digest, long SizeBytes, Digest ContentDigest, long ContentSizeBytes);
