using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A run cannot go on with a pipeline that is not the one it began with.</summary>
public sealed class PipelineChangedException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="changes">What changed.</param>
    public PipelineChangedException(string runId, ImmutableArray<string> changes)
        : base($"The run '{runId}' does not go on with this pipeline, because it began with another: {string.Join("; ", changes)}. Go on with the program that began it, or start a new run.") => (RunId, Changes) = (runId, changes);

    /// <summary>Gets the run.</summary>
    public string RunId { get; }

    /// <summary>Gets what changed.</summary>
    public ImmutableArray<string> Changes { get; }
}
