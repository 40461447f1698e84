namespace DevOps.Pipelines.Testing;

/// <summary>Controls a <see cref="PipelineTester"/>.</summary>
public sealed record PipelineTesterOptions
{
    /// <summary>Gets in which order things happen that could happen at the same time.</summary>
    /// <value><see cref="Schedule.InOrder"/> by default.</value>
    public Schedule Schedule { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = Schedule.InOrder;

    /// <summary>Gets the time that the clock shows at first.</summary>
    /// <value>Midnight UTC of January 1st, 2030, by default.</value>
    public DateTimeOffset Start { get; init; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gets how long, in real time, the clock stands still for a job that waits for anything but a timer of the clock: it may be at work on another thread, or in real I/O. It is waited for once each time after it did something, and ten times as long once it was told to stop.</summary>
    /// <value>50 milliseconds by default. Zero where no job does such things, nor awaits a cancelled <c>Task.Delay</c>, which .NET lets go on in the thread pool.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan RealGrace { get; init { Durations.ThrowIfNoDelay(value); field = value; } } = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets how long, in real time, is waited for a job that computes on another thread, or once nothing else is left to wait for. After that the run counts as stuck.</summary>
    /// <value>10 seconds by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxRealWait { get; init { Durations.ThrowIfNoDelay(value); field = value; } } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how many starts of jobs and timers a run may have, so that a poll without an end does not make a test without an end. A run with a store looks for messages once a second while an approval waits: each look is a step.</summary>
    /// <value>2,000,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxSteps { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 2_000_000;
}
