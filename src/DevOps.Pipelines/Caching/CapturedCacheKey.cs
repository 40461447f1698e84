namespace DevOps.Pipelines;

/// <summary>A cache key, with all that it depends on as it was at one moment.</summary>
public sealed class CapturedCacheKey
{
    internal CapturedCacheKey(FingerprintRecord fingerprint) => Fingerprint = fingerprint;

    /// <summary>Gets the key's name.</summary>
    public string Name => Fingerprint.Name;

    /// <summary>Gets what the key depends on, each input with its own digest.</summary>
    public FingerprintRecord Fingerprint { get; }

    /// <summary>Returns the name and the first digits of the hash.</summary>
    public override string ToString() => $"{Name}-{Fingerprint.Digest.Hex[..16]}";
}
