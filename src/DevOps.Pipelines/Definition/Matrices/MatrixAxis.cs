using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>An axis of a matrix.</summary>
internal readonly record struct MatrixAxis(string Name, ImmutableArray<string> Values);
