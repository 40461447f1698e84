namespace DevOps.Pipelines;

/// <summary>Says which runs a store keeps. A run goes if any limit says so; without a limit all stay.</summary>
public sealed record RunRetention
{
    /// <summary>Gets how many runs are kept: the newest, by the time at which they were created.</summary>
    /// <value><see langword="null"/>, no limit, by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int? MaxRuns
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(MaxRuns));
            field = value;
        }
    }

    /// <summary>Gets how long runs are kept, from when they were created.</summary>
    /// <value><see langword="null"/>, no limit, by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? MaxAge
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.Zero, TimeSpan.Zero, nameof(MaxAge));
            field = value;
        }
    }

    /// <summary>Gets what else a run must be for it to go, as finished: one that waits for an approval may have no process that holds its lease.</summary>
    /// <value>Every run may go by default.</value>
    public Func<RunEntry, CancellationToken, ValueTask<bool>> MayDelete { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = static (_, _) => new(true);
}
