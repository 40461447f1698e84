using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>How a job ended.</summary>
public sealed record JobResult
{
    /// <summary>Gets the job's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the names of the jobs that it needs.</summary>
    public required ImmutableArray<string> Needs { get; init; }

    /// <summary>Gets how it ended.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Gets when it started, or <see langword="null"/> if it did not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets how long it worked.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets why it did not succeed, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the error that it failed with.</summary>
    public Exception? Error { get; init; }

    /// <summary>Gets the last lines of its log, in order.</summary>
    public ImmutableArray<LogLine> Log { get; init; } = [];
}
