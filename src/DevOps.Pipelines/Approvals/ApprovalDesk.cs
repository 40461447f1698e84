using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The approvals of one run that people have yet to decide. Nothing is held for them but an entry here.</summary>
internal sealed class ApprovalDesk(RunEngine engine)
{
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ApprovalWait> _waits = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ApprovalWait, ITimer> _expiries = [];
    private readonly InboxWatch _inbox = new(engine);
    private bool _isLeft;

    /// <summary>Gets how many approvals wait, and for nothing but people.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _isLeft ? 0 : _waits.Values.Count(IsWaiting);
            }
        }
    }

    /// <summary>Closes the desk if exactly so many approvals wait for people, none with a decision on its way. From then on nothing is decided in this process.</summary>
    internal bool TryLeave(int expected)
    {
        ITimer[] timers;
        lock (_lock)
        {
            if (_isLeft || _waits.Values.Count(IsWaiting) != expected)
            {
                return false;
            }

            _isLeft = true;
            foreach (ApprovalWait wait in _waits.Values)
            {
                wait.Leave();
            }

            timers = [.. _expiries.Values];
            _expiries.Clear();
        }

        foreach (ITimer timer in timers)
        {
            timer.Dispose();
        }

        return true;
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
        ApprovalWait wait = new(_lock, job, requestedAt, recorded?.Decisions ?? [], recorded?.Messages ?? []);
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

            if (!wait.Task.IsCompleted)
            {
                BeginExpiry(wait);
                lock (_lock)
                {
                    wait.IsIdle = true;
                }

                _inbox.Wake();
                engine.EndIfDone();
            }

            return await wait.Task.ConfigureAwait(false);
        }
        finally
        {
            ITimer? expiry;
            lock (_lock)
            {
                _waits.Remove(job.Job.Name);
                _expiries.Remove(wait, out expiry);
            }

            expiry?.Dispose();
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
            if (_isLeft || wait is null or { IsOver: true })
            {
                throw new ApprovalException(_isLeft
                    ? $"'{job}' in run '{engine.Setup.RunId}' waits for nobody in this process, which left the run: post the decision to the store, and resume the run."
                    : $"'{job}' in run '{engine.Setup.RunId}' does not wait for a decision: it was decided, or is not reached yet.");
            }

            // A run is not left while a decision is on its way.
            wait.OnTheirWay++;
        }

        try
        {
            await TakeAsync(wait, decision, messageId).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                wait.OnTheirWay--;
            }

            if (engine.Options.AtApproval == AtApproval.Leave)
            {
                engine.EndIfDone();
            }
        }
    }

    private async Task TakeAsync(ApprovalWait wait, ApprovalDecision decision, string messageId)
    {
        // When a message was posted is in the message: the store is trusted. Whoever decides here decides now.
        DateTimeOffset now = engine.TimeProvider.GetUtcNow();
        decision = Masked(decision) with { At = messageId.Length > 0 ? decision.At ?? now : now };
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

        engine.Observer.Report(new ApprovalDecided(wait.Job.Job.Name, decision.At!.Value, decision));
        wait.Settle();
    }

    private ApprovalDecision Masked(ApprovalDecision decision)
    {
        string? secret = decision.Inputs.Keys.FirstOrDefault(name => engine.Observer.Mask(decision.Inputs[name]) != decision.Inputs[name]);
        return secret is null
            ? decision with { Comment = engine.Observer.Mask(decision.Comment) }
            : throw new ApprovalException($"The input '{secret}' of '{decision.By}' holds a secret of the run, and decisions are written down. Leave it out.");
    }

    internal bool Knows(string messageId)
    {
        lock (_lock)
        {
            return _waits.Values.Any(wait => wait.Has(messageId));
        }
    }

    private void BeginExpiry(ApprovalWait wait)
    {
        if (wait.ExpiresAt is not { } expiresAt)
        {
            return;
        }

        TimeSpan left = expiresAt - engine.TimeProvider.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            wait.Expire();
            return;
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
                    _ = ExpireAsync(wait);
                }
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        lock (_lock)
        {
            _expiries.Add(wait, timer);
        }

        timer.Change(Clamp(left), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends a wait whose time is over, unless somebody decided in time and nobody has looked since.</summary>
    private async Task ExpireAsync(ApprovalWait wait)
    {
        Task look = _inbox.LookAsync();
        if (!look.IsCompleted)
        {
            // A store that does not answer does not hold an approval open.
            await Task.WhenAny(look, Task.Delay(LastLook, engine.TimeProvider)).ConfigureAwait(false);
        }

        wait.Expire();
    }

    private static bool IsWaiting(ApprovalWait wait) => wait is { IsIdle: true, OnTheirWay: 0, IsOver: false };

    private static TimeSpan Clamp(TimeSpan time) => time > Durations.Longest ? Durations.Longest : time;
}
