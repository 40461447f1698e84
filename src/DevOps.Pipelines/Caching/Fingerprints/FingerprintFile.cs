namespace DevOps.Pipelines;

/// <summary>A file of an input, to tell later which files changed.</summary>
/// <param name="Path">The path from the root, with <c>/</c> between names.</param>
/// <param name="Hash">The first half of a hash of what it is: enough to see a change, not to prove that there is none.</param>
public readonly record struct FingerprintFile(string Path, UInt128 Hash);
