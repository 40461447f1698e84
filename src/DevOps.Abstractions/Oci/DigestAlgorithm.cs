namespace DevOps.Oci;

/// <summary>The hash functions that name content.</summary>
/// <remarks>Source: OCI image-spec 1.1, descriptor.md, "Registered algorithms".</remarks>
public enum DigestAlgorithm
{
    /// <summary><c>sha256</c>: 32 bytes, 64 hexadecimal digits. Every implementation must support it.</summary>
    Sha256,

    /// <summary><c>sha512</c>: 64 bytes, 128 hexadecimal digits.</summary>
    Sha512,
}
