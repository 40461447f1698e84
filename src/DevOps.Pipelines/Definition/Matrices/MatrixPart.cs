using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A matrix that was joined with no other.</summary>
internal sealed record MatrixPart
{
    internal ImmutableArray<MatrixAxis> Axes { get; init; } = [];

    internal ImmutableArray<ImmutableArray<MatrixFilter>> Excluded { get; init; } = [];

    internal ImmutableArray<ImmutableArray<(string Axis, string Value)>> Included { get; init; } = [];
}
