namespace DevOps.Docker;

/// <summary>How a layer is stored.</summary>
public enum LayerCompression
{
    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Not compressed: the digest is the diffID. Good for registries on the same machine.</summary>
    None,
}
