using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What the journal of a run says. No text in it holds a secret.</summary>
public sealed record RecordedRun
{
    /// <summary>Gets the run's name.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the pipeline's name; empty if the run broke off before it was written, or cannot be read.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>Gets when the run started, or <see langword="null"/> if nobody knows.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when it ended, or <see langword="null"/> if it has not: it is at work, waits, was cancelled or broke off.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Gets how it ended, or <see langword="null"/> if it has not.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Gets why the run as a whole ended so, when no job says it.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the run whose results this one took over.</summary>
    public string? RestartOf { get; init; }

    /// <summary>Gets the parameters that were given, as they were written; no secrets.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the names of the jobs that the run took in when it began, in the order they were added.</summary>
    public ImmutableArray<string> Planned { get; init; } = [];

    /// <summary>Gets the jobs that ended, in the order they were added; logs and steps are not kept. Of a run that ended these are all: why a job did not start is found from the graph and from how others ended.</summary>
    public ImmutableArray<JobResult> Jobs { get; init; } = [];

    /// <summary>Gets the jobs that started and have not ended: those at work, if a process works on the run; else nobody knows how they ended.</summary>
    public ImmutableArray<InDoubtJob> InDoubt { get; init; } = [];

    /// <summary>Gets the approvals that wait for people.</summary>
    public ImmutableArray<WaitingApproval> Waiting { get; init; } = [];

    /// <summary>Gets all that people were asked, with what was decided.</summary>
    internal ImmutableArray<RecordedApproval> Approvals { get; init; } = [];

    /// <summary>Gets why the journal cannot be read, or <see langword="null"/>: then what the other members say is all that could be.</summary>
    public string? Problem { get; init; }
}
