using System.Collections.Immutable;

namespace DevOps.Pipelines.Testing;

/// <summary>What a scripted process does: it writes its lines, takes its time, and ends with its code.</summary>
public sealed record ProcessAnswer
{
    /// <summary>Gets the process that writes nothing and ends well at once.</summary>
    public static ProcessAnswer Ok { get; } = new();

    /// <summary>Gets the code it ends with.</summary>
    /// <value>0 by default.</value>
    public int ExitCode { get; init; }

    /// <summary>Gets the lines it writes to its standard output.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> Output { get; init; } = [];

    /// <summary>Gets the lines it writes to its standard error, after those of the output.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> ErrorOutput { get; init; } = [];

    /// <summary>Gets how long it runs by the clock of the run.</summary>
    /// <value>No time by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or longer than a timer runs.</exception>
    public TimeSpan Duration { get; init { Durations.ThrowIfNoDelay(value); field = value; } }

    /// <summary>Gets why it cannot be started; then there is no process, and the job sees a <see cref="ProcessStartException"/>.</summary>
    /// <value><see langword="null"/> by default: it starts.</value>
    public string? StartError { get; init; }
}
