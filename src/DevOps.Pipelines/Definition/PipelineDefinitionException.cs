using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A pipeline cannot be built; tells everything that is wrong.</summary>
public sealed class PipelineDefinitionException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="problems">What is wrong.</param>
    public PipelineDefinitionException(string pipeline, IEnumerable<string> problems) : this(pipeline, [.. problems])
    {
    }

    private PipelineDefinitionException(string pipeline, ImmutableArray<string> problems)
        : base($"The pipeline '{pipeline}' cannot be built: {string.Join("; ", problems)}.") => Problems = problems;

    /// <summary>Gets what is wrong.</summary>
    public ImmutableArray<string> Problems { get; }
}
