using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>All that a builder was told.</summary>
internal sealed record ImageDescription(BaseImage Base)
{
    internal Platform Platform { get; init; } = Platform.LinuxAmd64;

    internal ImmutableArray<Layer> Layers { get; init; } = [];

    internal ImmutableArray<string>? Entrypoint { get; init; }

    internal ImmutableArray<string>? Cmd { get; init; }

    internal ImmutableArray<Func<ImageConfig, ImageConfig>> Edits { get; init; } = [];

    internal ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    internal DateTimeOffset Created { get; init; } = DateTimeOffset.UnixEpoch;
}
