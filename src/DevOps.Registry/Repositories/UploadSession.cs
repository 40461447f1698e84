namespace DevOps.Registry;

/// <summary>A place that a registry keeps for a blob until it is whole.</summary>
/// <param name="Address">Where to go on. Its query is the registry's own, and may be a secret.</param>
/// <param name="MinChunkBytes">The least that every chunk but the last must have; 0 if the registry does not care.</param>
internal sealed record UploadSession(Uri Address, long MinChunkBytes)
{
    /// <summary>Keeps the address out of texts.</summary>
    public override string ToString() => $"upload session at {Address.Host}";
}
