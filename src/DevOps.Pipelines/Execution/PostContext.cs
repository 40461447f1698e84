namespace DevOps.Pipelines;

/// <summary>What work that follows a job or a run can see and do.</summary>
public sealed class PostContext
{
    private readonly Action<string> _log;

    internal PostContext(string name, Outcome outcome, Outcome? previous, string? reason, PipelineResult? run, Action<string> log, TimeProvider timeProvider, CancellationToken cancellation) =>
        (Name, Outcome, Previous, Reason, Run, _log, TimeProvider, Cancellation) = (name, outcome, previous, reason, run, log, timeProvider, cancellation);

    /// <summary>Gets the name of the job, or of the pipeline.</summary>
    public string Name { get; }

    /// <summary>Gets how it ended, as it stands now: earlier work that failed has changed it.</summary>
    public Outcome Outcome { get; }

    /// <summary>Gets how it ended in the last completed run, if there was one.</summary>
    public Outcome? Previous { get; }

    /// <summary>Gets why it did not succeed, in words.</summary>
    public string? Reason { get; }

    /// <summary>Gets the result of the run so far, for work that follows a run.</summary>
    public PipelineResult? Run { get; }

    /// <summary>Gets the run's clock.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Gets what tells the work that its time is over. A cancellation of the run does not, for this work clears up after it.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Writes a line to the job's log.</summary>
    /// <param name="text">The line; a text of several lines becomes several. Work that follows a run has no log.</param>
    public void Log(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _log(text);
    }
}
