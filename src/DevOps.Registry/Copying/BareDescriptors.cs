using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Takes descriptors down to what names their content: what is kept of many must not have what others wrote into each, as embedded data.</summary>
internal static class BareDescriptors
{
    internal static Descriptor Bare(this Descriptor descriptor) => new(descriptor.MediaType, descriptor.Digest, descriptor.SizeBytes);
}
