using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A run under way.</summary>
public sealed class PipelineRun : IAsyncDisposable
{
    private readonly RunEngine _engine;

    internal PipelineRun(RunEngine engine) => _engine = engine;

    /// <summary>Gets the run's name.</summary>
    public string Id => _engine.Setup.RunId;

    /// <summary>Gets what ends with the run. A job that fails, or a cancellation, is a result and no exception; only a journal that cannot be written is.</summary>
    public Task<PipelineResult> Completion => _engine.Completion;

    /// <summary>Gets the approvals that wait now.</summary>
    public ImmutableArray<PendingApproval> Waiting => _engine.Approvals.Pending;

    internal RunEngine Engine => _engine;

    /// <summary>Stops the run: jobs at work are told, processes they started are ended, jobs not started are cancelled, and what always runs is run.</summary>
    /// <param name="reason">Why, in words that go before "before it could start".</param>
    public void Cancel(string reason = "the run was cancelled")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _engine.Cancel(_engine.Observer.Mask(reason), Outcome.Cancelled);
    }

    /// <summary>Decides an approval.</summary>
    /// <param name="job">The name of the approval.</param>
    /// <param name="decision">The decision. The caller vouches for who made it.</param>
    /// <returns>Ends when the decision is written down.</returns>
    /// <exception cref="ApprovalException">Nothing waits for it, or the person may not decide.</exception>
    public Task DecideAsync(string job, ApprovalDecision decision)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(job);
        ArgumentNullException.ThrowIfNull(decision);
        return _engine.Approvals.TakeAsync(job, decision, "");
    }

    /// <summary>Stops the run if it has not ended, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Completion.IsCompleted)
        {
            Cancel();
        }

        // Whoever wants to know how it ended asks Completion.
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
