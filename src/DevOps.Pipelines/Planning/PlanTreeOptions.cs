namespace DevOps.Pipelines;

/// <summary>Controls how a plan is written as trees.</summary>
public sealed record PlanTreeOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static PlanTreeOptions Default { get; } = new();

    /// <summary>Gets what the lines between jobs are made of.</summary>
    /// <value><see cref="TreeCharacters.Box"/> by default.</value>
    public TreeCharacters Characters { get; init; }

    /// <summary>Gets how many lines there may be; a last one tells how many jobs were not shown.</summary>
    /// <value>1,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxLines { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1000;
}
