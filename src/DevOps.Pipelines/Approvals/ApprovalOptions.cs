using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls an approval.</summary>
public sealed record ApprovalOptions
{
    /// <summary>Gets what is asked, for the people who decide.</summary>
    public string Message { get; init; } = "";

    /// <summary>Gets who may decide: names of persons or of groups, compared without case.</summary>
    /// <value>Empty by default: anyone.</value>
    public ImmutableArray<string> From { get; init; } = [];

    /// <summary>Gets how many different persons must approve. One who rejects is enough to reject.</summary>
    /// <value>1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Quorum { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1;

    /// <summary>Gets how long people have, counted from the request, also over a crash.</summary>
    /// <value>No limit by default. After it the job is <see cref="Outcome.TimedOut"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero.</exception>
    public TimeSpan? Within
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(value));
            field = value;
        }
    }

    /// <summary>Gets what the approver is asked to fill in.</summary>
    /// <value>Nothing by default.</value>
    public ImmutableArray<Parameter> Inputs { get; init; } = [];
}
