using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>How a job ended. No text in it holds a secret.</summary>
public sealed record JobResult
{
    private readonly Outcome? _countsAs;

    /// <summary>Gets the job's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the name of the stage that it is in, if it is in one.</summary>
    public string? Stage { get; init; }

    /// <summary>Gets the names of the jobs that it needs.</summary>
    public required ImmutableArray<string> Needs { get; init; }

    /// <summary>Gets how it ended.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Gets what it counts as in the outcome of the run: a tolerated failure can count as a success.</summary>
    /// <value><see cref="Outcome"/> by default.</value>
    public Outcome CountsAs { get => _countsAs ?? Outcome; init => _countsAs = value; }

    /// <summary>Gets when its first attempt started, or <see langword="null"/> if it did not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets how long it worked, from the start of the first attempt to the end of the last.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets why it did not succeed, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the error that it failed with: that of its own work, whatever went wrong after it.</summary>
    public JobError? Error { get; init; }

    /// <summary>Gets the errors of the work that followed it.</summary>
    public ImmutableArray<JobError> PostErrors { get; init; } = [];

    /// <summary>Gets its attempts, when there was more than one.</summary>
    public ImmutableArray<JobAttempt> Attempts { get; init; } = [];

    /// <summary>Gets its steps, in the order they started.</summary>
    public ImmutableArray<StepResult> Steps { get; init; } = [];

    /// <summary>Gets the last lines of its log, in order.</summary>
    public ImmutableArray<LogLine> Log { get; init; } = [];

    /// <summary>Gets the name of the job whose end was the last that it waited for.</summary>
    public string? LastNeed { get; init; }

    /// <summary>Gets how long it could have started and waited for something that it shares with others.</summary>
    public TimeSpan QueuedFor { get; init; }

    /// <summary>Gets what it waited for meanwhile, or <see langword="null"/>.</summary>
    public string? QueuedBehind { get; init; }

    /// <summary>Gets whether the job did not run, because it had succeeded before with the same inputs and its result was kept.</summary>
    public bool IsCached { get; init; }

    /// <summary>Gets what the cache said: why it could not help, and which inputs changed. <see langword="null"/> if the job does not use it.</summary>
    public string? CacheNote { get; init; }

    /// <summary>Gets whether the result was taken from an earlier part of the run, or from an earlier run.</summary>
    public bool IsRestored { get; init; }

    /// <summary>Gets whether it belongs to the end of a run, so that its failure is not what the run failed of.</summary>
    public bool IsTeardown { get; init; }
}
