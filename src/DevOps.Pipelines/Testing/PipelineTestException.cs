using System.Collections.Immutable;

namespace DevOps.Pipelines.Testing;

/// <summary>A pipeline under test did something that the test did not foresee, or can never end.</summary>
public sealed class PipelineTestException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="problems">What is wrong, one by one.</param>
    public PipelineTestException(string message, IEnumerable<string> problems) : this(message, [.. problems])
    {
    }

    private PipelineTestException(string message, ImmutableArray<string> problems)
        : base(string.Join("\n- ", problems.Prepend(message))) => Problems = problems;

    /// <summary>Gets what is wrong, one by one.</summary>
    public ImmutableArray<string> Problems { get; }
}
