using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Reads and writes the values of a parameter as text.</summary>
internal sealed record ParameterCodec<T>(string Kind, Func<string, T> Parse, Func<T, string> Format)
{
    internal bool IsSecret { get; init; }

    internal ImmutableArray<string> Choices { get; init; } = [];
}
