using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>What a push did.</summary>
/// <param name="Reference">The image in the registry, with its tag if one was given, and pinned by its digest.</param>
/// <param name="Copy">What was sent, taken over and left.</param>
public sealed record PushResult(ImageReference Reference, CopyResult Copy);
