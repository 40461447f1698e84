using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The result of a job, as it is kept for the next time that all it depends on is the same.</summary>
/// <param name="Bytes">The result itself, in the caller's form.</param>
/// <param name="Artifacts">The artifacts that belong to it. It is of use only while all of them can be had.</param>
public sealed record RecordedResult(ReadOnlyMemory<byte> Bytes, ImmutableArray<Artifact> Artifacts)
{
    /// <summary>Gets the artifacts that belong to it.</summary>
    public ImmutableArray<Artifact> Artifacts { get; init; } = Artifacts.IsDefault ? [] : Artifacts;
}
