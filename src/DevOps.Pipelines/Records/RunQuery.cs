namespace DevOps.Pipelines;

/// <summary>Says which runs of a store are listed.</summary>
public sealed record RunQuery
{
    /// <summary>Gets the query used when none is given: all runs.</summary>
    public static RunQuery All { get; } = new();

    /// <summary>Gets the name of the pipeline.</summary>
    /// <value>Any by default.</value>
    public string? Pipeline { get; init; }

    /// <summary>Gets how a run must have ended.</summary>
    /// <value>Any by default, those that have not ended included.</value>
    public Outcome? Outcome { get; init; }

    /// <summary>Gets the time before which no listed run was created.</summary>
    /// <value>No limit by default.</value>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets how many runs are listed at most, the newest.</summary>
    /// <value>No limit by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Max { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = int.MaxValue;
}
