using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A command line that was understood.</summary>
internal sealed record ProgramArguments
{
    internal ProgramCommand Command { get; init; }

    internal ProgramView View { get; init; }

    internal ImmutableArray<string> Only { get; init; } = [];

    internal ImmutableArray<string> Skip { get; init; } = [];

    internal NeededJobs? WhatIsNeeded { get; init; }

    internal ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the file that holds values of parameters.</summary>
    internal string? ParameterFile { get; init; }

    internal string? Profile { get; init; }

    /// <summary>Gets whether a run is resumed, or named for a restart.</summary>
    internal bool Resumes { get; init; }

    /// <summary>Gets the run that is meant, or <see langword="null"/> for the last.</summary>
    internal string? RunId { get; init; }

    internal string? From { get; init; }

    internal InDoubtAnswer? InDoubt { get; init; }

    internal int? Parallel { get; init; }

    internal AfterFailure? AfterFailure { get; init; }

    internal TimeSpan? Timeout { get; init; }

    internal AtApproval? AtApproval { get; init; }

    internal bool KeepsNothing { get; init; }

    internal int? Max { get; init; }

    /// <summary>Gets the job of a command about one.</summary>
    internal string Job { get; init; } = "";

    internal string? By { get; init; }

    internal ImmutableArray<string> Groups { get; init; } = [];

    internal string? Comment { get; init; }

    internal ImmutableDictionary<string, string> Inputs { get; init; } = ImmutableDictionary<string, string>.Empty;
}
