namespace DevOps.Pipelines;

/// <summary>A run cannot be resumed, because it has ended.</summary>
public sealed class RunEndedException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="outcome">How it ended.</param>
    public RunEndedException(string runId, Outcome outcome)
        : base($"The run '{runId}' cannot be resumed: it has ended and {outcome.Told()}. Restart it to do what failed again, or start a new run.") => (RunId, Outcome) = (runId, outcome);

    /// <summary>Gets the run.</summary>
    public string RunId { get; }

    /// <summary>Gets how it ended.</summary>
    public Outcome Outcome { get; }
}
