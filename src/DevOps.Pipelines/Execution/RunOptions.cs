namespace DevOps.Pipelines;

/// <summary>Controls a run of a pipeline.</summary>
public sealed record RunOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RunOptions Default { get; } = new();

    /// <summary>Gets how many jobs may work at once.</summary>
    /// <value>No limit by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = int.MaxValue;

    /// <summary>Gets who is told of every event, from any thread and often several at once.</summary>
    public IProgress<PipelineEvent>? Progress { get; init; }

    /// <summary>Gets the clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets how many log lines of a job are kept in its result; the oldest give way.</summary>
    /// <value>10,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxLogLines { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 10_000;

    /// <summary>Gets how many characters of a job's log are kept in its result; the oldest lines give way.</summary>
    /// <value>4 Mi by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxLogLength { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 4 << 20;
}
