namespace DevOps.Pipelines;

/// <summary>Controls how a <see cref="PipelineView"/> shows a run.</summary>
public sealed record ViewOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ViewOptions Default { get; } = new();

    /// <summary>Gets how many columns lines that are drawn over, and tables, may have.</summary>
    /// <value>100 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 20.</exception>
    public int Width { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 20); field = value; } } = 100;

    /// <summary>Gets whether outcomes have colors, as ANSI escape sequences.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool HasColors { get; init; }

    /// <summary>Gets of which jobs the output of processes is shown.</summary>
    /// <value><see cref="ShownOutput.OfFailedJobs"/> by default.</value>
    public ShownOutput Output { get; init; }

    /// <summary>Gets the command that runs the pipeline's program, for the commands that decide approvals.</summary>
    /// <value><see langword="null"/> by default: they are not told.</value>
    public string? Command { get; init; }

    /// <summary>Gets whether people are told that a program can end at an approval: nobody is asked at this terminal.</summary>
    internal bool TellsOfLeaving { get; init; }

    /// <summary>Gets the clock that paces drawing and tells how long jobs have been running.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;
}
