using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A run was told too little, or something that it does not understand.</summary>
public sealed class ParameterException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="problems">What is wrong.</param>
    public ParameterException(string pipeline, IEnumerable<string> problems) : this(pipeline, [.. problems])
    {
    }

    private ParameterException(string pipeline, ImmutableArray<string> problems)
        : base($"The pipeline '{pipeline}' cannot run with these parameters: {string.Join("; ", problems).TrimEnd('.')}.") => Problems = problems;

    /// <summary>Gets what is wrong.</summary>
    public ImmutableArray<string> Problems { get; }
}
