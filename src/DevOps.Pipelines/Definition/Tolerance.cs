using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Says which failures of a job do not fail the run.</summary>
public sealed record Tolerance
{
    /// <summary>Gets the tolerance of every failure, counted as unstable.</summary>
    public static Tolerance AnyFailure { get; } = new();

    /// <summary>Gets the codes of processes that are tolerated: any other code, and any other error, is a failure.</summary>
    /// <value>Empty by default: every failure is tolerated, a timeout included.</value>
    public ImmutableArray<int> ExitCodes { get; init; } = [];

    /// <summary>Gets what a tolerated failure counts as in the outcome of the run; the job itself is <see cref="Outcome.Unstable"/>.</summary>
    /// <value><see cref="Outcome.Unstable"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither <see cref="Outcome.Unstable"/> nor <see cref="Outcome.Success"/>.</exception>
    public Outcome CountsAs
    {
        get;
        init
        {
            if (value is not (Outcome.Unstable or Outcome.Success))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A tolerated failure counts as unstable or as a success.");
            }

            field = value;
        }
    } = Outcome.Unstable;

    internal bool Covers(Exception? error) => ExitCodes.IsDefaultOrEmpty || (error is ProcessFailedException { ExitCode: int code } && ExitCodes.Contains(code));
}
