using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What one person decided.</summary>
public sealed record ApprovalDecision
{
    /// <summary>Gets who decided. The host vouches for the name.</summary>
    public required string By { get; init; }

    /// <summary>Gets the groups that the person is in. The host vouches for them.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Gets what was decided.</summary>
    public required ApprovalVerdict Verdict { get; init; }

    /// <summary>Gets what the person said.</summary>
    public string? Comment { get; init; }

    /// <summary>Gets what the person filled in, by the names of the inputs.</summary>
    public ImmutableDictionary<string, string> Inputs { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets when it was decided.</summary>
    /// <value>The run sets it when it is not given.</value>
    public DateTimeOffset? At { get; init; }
}
