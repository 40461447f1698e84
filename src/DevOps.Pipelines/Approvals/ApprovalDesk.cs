using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The approvals of one run that people have yet to decide. Nothing is held for them but an entry here.</summary>
internal sealed class ApprovalDesk(RunEngine engine)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ApprovalWait> _waits = new(StringComparer.OrdinalIgnoreCase);
    private readonly InboxWatch _inbox = new(engine);

    /// <summary>Gets how many approvals wait, and for nothing but people.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _waits.Values.Count(wait => wait.IsIdle);
            }
        }
    }

    internal ImmutableArray<PendingApproval> Pending
    {
        get
        {
            lock (_lock)
            {
                return [.. _waits.Values.OrderBy(wait => wait.Job.Index).Select(wait => wait.Pending)];
            }
        }
    }

    /// <summary>Waits for the decision of one approval.</summary>
    /// <exception cref="RejectedException">It was rejected, or the time was over.</exception>
    internal async Task<object?> DecideAsync(JobContext context)
    {
        JobState job = context.State;
        RecordedApproval? recorded = engine.Setup.Approvals.GetValueOrDefault(job.Job.Name);
        DateTimeOffset requestedAt = recorded?.RequestedAt ?? engine.TimeProvider.GetUtcNow();
        ApprovalWait wait = new(job, requestedAt, recorded?.Decisions ?? [], recorded?.Messages ?? []);
        if (recorded is null && engine.Recorder.IsOn)
        {
            await engine.Recorder.ApprovalRequestedAsync(job.Job.Name, requestedAt).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _waits.Add(job.Job.Name, wait);
        }

        try
        {
            engine.Observer.Report(new ApprovalRequested(job.Job.Name, requestedAt, wait.Pending));
            using CancellationTokenRegistration registration = context.Cancellation.UnsafeRegister(static (state, token) => ((ApprovalWait)state!).Cancel(token), wait);
            wait.Settle();
            if (!wait.Task.IsCompleted)
            {
                // What was decided while nobody worked on the run counts before the run is left again.
                await _inbox.LookAsync().ConfigureAwait(false);
                wait.Settle();
            }

            using ITimer? expiry = wait.Task.IsCompleted ? null : Expire(wait);
            if (!wait.Task.IsCompleted)
            {
                wait.IsIdle = true;
                _inbox.Wake();
                engine.EndIfDone();
            }

            return await wait.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _waits.Remove(job.Job.Name);
            }
        }
    }

    /// <summary>Takes a decision.</summary>
    /// <param name="job">The name of the job that waits.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="messageId">Names the message that brought it, so that it counts once; empty if none did.</param>
    /// <exception cref="ApprovalException">Nothing waits for it, or the person may not decide.</exception>
    internal async Task TakeAsync(string job, ApprovalDecision decision, string messageId)
    {
        ApprovalWait? wait;
        lock (_lock)
        {
            wait = _waits.GetValueOrDefault(job);
        }

        if (wait is null)
        {
            throw new ApprovalException($"'{job}' in run '{engine.Setup.RunId}' does not wait for a decision: it was decided, or is not reached yet.");
        }

        decision = decision with { At = decision.At ?? engine.TimeProvider.GetUtcNow() };
        if (!wait.TryAdd(decision, messageId))
        {
            return;
        }

        // Written before it counts: a decision that was taken is never asked for again.
        if (engine.Recorder.IsOn)
        {
            try
            {
                await engine.Recorder.ApprovalDecidedAsync(wait.Job.Job.Name, decision, messageId).ConfigureAwait(false);
            }
            catch (JournalWriteException e)
            {
                engine.Fault(null, e);
                throw;
            }
        }

        engine.Observer.Report(new ApprovalDecided(wait.Job.Job.Name, decision.At.Value, decision));
        wait.Settle();
    }

    internal bool Knows(string messageId)
    {
        lock (_lock)
        {
            return _waits.Values.Any(wait => wait.Has(messageId));
        }
    }

    private ITimer? Expire(ApprovalWait wait)
    {
        if (wait.Pending.ExpiresAt is not { } expiresAt)
        {
            return null;
        }

        TimeSpan left = expiresAt - engine.TimeProvider.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            wait.Expire();
            return null;
        }

        ITimer? timer = null;
        timer = engine.TimeProvider.CreateTimer(
            _ =>
            {
                // A timer reaches 49 days; what is longer takes several.
                TimeSpan rest = expiresAt - engine.TimeProvider.GetUtcNow();
                if (rest > TimeSpan.Zero)
                {
                    timer?.Change(Clamp(rest), Timeout.InfiniteTimeSpan);
                }
                else
                {
                    wait.Expire();
                }
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Change(Clamp(left), Timeout.InfiniteTimeSpan);
        return timer;
    }

    private static TimeSpan Clamp(TimeSpan time) => time > Durations.Longest ? Durations.Longest : time;
}
