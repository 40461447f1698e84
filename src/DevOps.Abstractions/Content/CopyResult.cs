using System.Collections.Immutable;
using System.Globalization;
using DevOps.Oci;

namespace DevOps.Content;

/// <summary>What a copy did. Of what was copied, media type, digest and size are given, and no more.</summary>
public sealed record CopyResult
{
    /// <summary>Gets the root that was copied.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>Gets what was moved, in the order it arrived: children before their parents.</summary>
    public required ImmutableArray<Descriptor> Copied { get; init; }

    /// <summary>Gets what the target took over without moving bytes.</summary>
    public required ImmutableArray<Descriptor> Mounted { get; init; }

    /// <summary>Gets what the target held already.</summary>
    public required ImmutableArray<Descriptor> Skipped { get; init; }

    /// <summary>Gets how many layers were moved.</summary>
    public int CopiedLayers => Copied.Count(descriptor => MediaTypes.IsLayer(descriptor.MediaType));

    /// <summary>Gets how many bytes were moved.</summary>
    public long CopiedBytes => Copied.Sum(descriptor => descriptor.SizeBytes);

    /// <summary>Returns what was copied and how much of it was moved, as one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Root.Digest}: {Copied.Length} moved ({CopiedBytes} bytes), {Mounted.Length} mounted, {Skipped.Length} held already");
}
