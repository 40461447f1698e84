using System.Globalization;

namespace DevOps.Registry;

/// <summary>What garbage collection removed from a layout, or would have in a dry run.</summary>
public sealed record LayoutGarbageResult
{
    /// <summary>Gets the number of manifests that were read.</summary>
    public required int ManifestCount { get; init; }

    /// <summary>Gets the number of blobs that were kept.</summary>
    public required int KeptBlobCount { get; init; }

    /// <summary>Gets the number of bytes of the blobs that were kept.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>Gets the number of blobs that were removed.</summary>
    public required int RemovedBlobCount { get; init; }

    /// <summary>Gets the number of bytes of the blobs that were removed.</summary>
    public required long RemovedBytes { get; init; }

    /// <summary>Gets the number of files that were removed which killed processes had not completed.</summary>
    public required int RemovedPartialCount { get; init; }

    /// <summary>Gets the number of bytes of these files.</summary>
    public required long RemovedPartialBytes { get; init; }

    /// <summary>Returns what was removed and what was kept, as one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{RemovedBlobCount} blobs ({RemovedBytes} bytes) and {RemovedPartialCount} unfinished files ({RemovedPartialBytes} bytes) removed, {KeptBlobCount} blobs ({KeptBytes} bytes) of {ManifestCount} manifests kept");
}
