namespace DevOps.Registry.Server;

/// <summary>What garbage collection removed, or would have in a dry run.</summary>
public sealed record RegistryGarbageResult
{
    /// <summary>Gets the number of manifests that were read, in all repositories.</summary>
    public required int ManifestCount { get; init; }

    /// <summary>Gets the number of blobs that were kept.</summary>
    public required int KeptBlobCount { get; init; }

    /// <summary>Gets the number of bytes of the blobs that were kept.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>Gets the number of blobs that were removed.</summary>
    public required int RemovedBlobCount { get; init; }

    /// <summary>Gets the number of bytes of the blobs that were removed.</summary>
    public required long RemovedBytes { get; init; }

    /// <summary>Gets the number of uploads that were removed.</summary>
    public required int RemovedUploadCount { get; init; }

    /// <summary>Gets the number of bytes of the uploads that were removed.</summary>
    public required long RemovedUploadBytes { get; init; }
}
