namespace DevOps.Pipelines;

/// <summary>All that a run is made of before it begins.</summary>
internal sealed record RunSetup
{
    internal required Pipeline Pipeline { get; init; }

    internal required RunOptions Options { get; init; }

    internal required string RunId { get; init; }

    internal required DateTimeOffset StartedAt { get; init; }

    internal required long StartTimestamp { get; init; }

    internal required RunGraph Graph { get; init; }

    /// <summary>Gets what hides the secrets of the run.</summary>
    internal required SecretMasker Masker { get; init; }

    internal required ParameterValues Parameters { get; init; }

    /// <summary>Gets the directory in which the run works.</summary>
    internal required RunWorkspace Workspace { get; init; }

    /// <summary>Gets the journal, which the run disposes at its end.</summary>
    internal IRunJournal? Journal { get; init; }

    /// <summary>Gets the jobs that an earlier part of the run, or an earlier run, already finished.</summary>
    internal required IReadOnlyDictionary<string, RecordedJob> Records { get; init; }

    /// <summary>Gets the jobs that had started when an earlier part of the run broke off.</summary>
    internal required IReadOnlyDictionary<string, RecordedAttempt> Begun { get; init; }

    /// <summary>Gets what was asked and decided in an earlier part of the run.</summary>
    internal required IReadOnlyDictionary<string, RecordedApproval> Approvals { get; init; }

    /// <summary>Gets the last completed run of the pipeline, if it is known.</summary>
    internal PreviousRun? Previous { get; init; }
}
