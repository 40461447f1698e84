using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls how a job is tried again after it failed.</summary>
/// <remarks>While it waits, a job holds no slot and no lock. A cancellation ends the wait at once.</remarks>
public sealed record RetryOptions
{
    /// <summary>Gets how many times the job is tried again after its first attempt.</summary>
    /// <value>2 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRetries { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 2;

    /// <summary>Gets which failures are worth another attempt. A failure that <see cref="ExitCodes"/> or <see cref="When"/> names is worth one too.</summary>
    /// <value>Any by default; <see cref="Failure.None"/> leaves the choice to the other two.</value>
    public Failure On { get; init; } = Failure.Any;

    /// <summary>Gets codes of processes that are worth another attempt.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<int> ExitCodes { get; init; } = [];

    /// <summary>Gets what else tells whether an error is worth another attempt.</summary>
    public Func<Exception, bool>? When { get; init; }

    /// <summary>Gets how long the job waits before its second attempt.</summary>
    /// <value>No time by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or longer than a timer runs.</exception>
    public TimeSpan Delay { get; init { Durations.ThrowIfNoDelay(value); field = value; } }

    /// <summary>Gets by how much each wait is longer than the one before.</summary>
    /// <value>2 by default: the wait doubles.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public double BackOff { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 2;

    /// <summary>Gets the longest wait that a growing one comes to; a longer <see cref="Delay"/> stays what it is.</summary>
    /// <value>5 minutes by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or longer than a timer runs.</exception>
    public TimeSpan MaxDelay { get; init { Durations.ThrowIfNoDelay(value); field = value; } } = TimeSpan.FromMinutes(5);

    /// <summary>Returns whether a failed attempt is followed by another.</summary>
    internal bool Allows(int attempt, Failure failure, Exception? error) =>
        attempt <= MaxRetries &&
        ((On & failure) != 0 || (error is ProcessFailedException { ExitCode: int code } && ExitCodes.Contains(code)) || (error is not null && When?.Invoke(error) == true));

    internal TimeSpan DelayAfter(int attempt)
    {
        // The first wait was asked for as it is, whatever the limit of those that grow.
        TimeSpan longest = MaxDelay > Delay ? MaxDelay : Delay;
        double ticks = Delay.Ticks * Math.Pow(BackOff, attempt - 1);
        return Delay == TimeSpan.Zero ? TimeSpan.Zero : ticks < longest.Ticks ? TimeSpan.FromTicks((long)ticks) : longest;
    }
}
