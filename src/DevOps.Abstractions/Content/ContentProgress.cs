using DevOps.Oci;

namespace DevOps.Content;

/// <summary>One step in the way of some content.</summary>
/// <param name="Descriptor">The content.</param>
/// <param name="Phase">What happened.</param>
/// <param name="TransferredBytes">How many of its bytes have moved so far.</param>
public sealed record ContentProgress(Descriptor Descriptor, ContentPhase Phase, long TransferredBytes);
