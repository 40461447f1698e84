using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What a run requires does not hold, so nothing was run.</summary>
public sealed class PreconditionException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="problems">What does not hold, and who requires it.</param>
    public PreconditionException(string pipeline, IEnumerable<string> problems) : this(pipeline, [.. problems])
    {
    }

    private PreconditionException(string pipeline, ImmutableArray<string> problems)
        : base($"The pipeline '{pipeline}' was not run, because what it requires does not hold: {string.Join("; ", problems).TrimEnd('.')}.") => Problems = problems;

    /// <summary>Gets what does not hold, and who requires it.</summary>
    public ImmutableArray<string> Problems { get; }
}
