namespace DevOps.Pipelines.Tests.Scheduling;

/// <summary>What a run of jobs without limits should do, as plainly as it can be written: look at every job again and again until nothing changes, then go on to the next thing that happens.</summary>
internal sealed class ModelRun(ModelJob[] jobs)
{
    private readonly HashSet<int> _stoppedScopes = [];
    private TimeSpan _now;
    private bool _stopped;

    internal bool StopsAfterFailure { get; init; }

    internal TimeSpan? CancelAt { get; init; }

    internal bool SkipsAfterUnstable { get; init; }

    internal bool WasCancelled { get; private set; }

    internal Outcome Outcome
    {
        get
        {
            Outcome worst = Outcome.Skipped;
            foreach (ModelJob job in jobs.Where(job => job.State != "absent"))
            {
                // A cancelled job of a run that was only stopped by a failure is cancelled all the same.
                worst = job.Outcome > worst ? job.Outcome : worst;
            }

            return worst;
        }
    }

    internal TimeSpan Run()
    {
        foreach (ModelJob job in jobs.Where(job => job.Group is not null))
        {
            job.State = "absent";
        }

        while (true)
        {
            while (jobs.Any(Step))
            {
            }

            TimeSpan? next = jobs.Where(job => job.State is "running" or "backing off").Select(job => (TimeSpan?)job.At).Min();
            if (next is null)
            {
                return _now;
            }

            if (CancelAt is { } cancel && !WasCancelled && cancel < next)
            {
                _now = cancel;
                WasCancelled = true;
                Stop();
                continue;
            }

            _now = next.Value;
        }
    }

    private bool Step(ModelJob job) => job.State switch
    {
        "waiting" => Wait(job),
        "running" when job.At == _now => EndAttempt(job),
        "backing off" when job.At == _now => StartAttempt(job),
        "expanded" when Children(job).All(child => child.Ended) => End(job, Children(job).Select(child => child.Outcome).Append(Outcome.Success).Max()),
        _ => false,
    };

    private bool Wait(ModelJob job)
    {
        ModelJob[] hard = [.. job.Needs.Select(i => jobs[i])];
        ModelJob[] soft = [.. job.Optional.Select(i => jobs[i])];
        ModelJob[] before = job.Stage is { } stage ? [.. jobs.Where(other => other.Stage < stage)] : [];
        ModelJob[] others = job.Final ? [.. jobs.Where(other => !other.Final && other.Group is null)] : [];

        // A stage is judged as a whole, once all stages before it ended.
        ModelJob[] judged = before.All(other => other.Ended) ? before : [];
        if (!job.Always && hard.Concat(soft).Concat(judged).Any(other => other.Ended && (other.Outcome == Outcome.Skipped ? other.BehindFailure : IsBad(other))))
        {
            job.BehindFailure = true;
            return End(job, Outcome.Skipped);
        }

        if (!hard.Concat(soft).Concat(before).Concat(others).Concat(job.Order.Select(i => jobs[i])).All(other => other.Ended))
        {
            return false;
        }

        if (!job.Always && hard.Any(IsBad))
        {
            return End(job, Outcome.Skipped);
        }

        if (job.Condition == false)
        {
            return End(job, Outcome.Skipped);
        }

        if (job.IsGroup)
        {
            job.State = "expanded";
            foreach (ModelJob child in Children(job))
            {
                child.State = "waiting";
            }

            return true;
        }

        job.StartedAt = _now;
        return StartAttempt(job);
    }

    private bool StartAttempt(ModelJob job)
    {
        job.Attempts++;
        job.State = "running";
        job.At = _now + (job.Timeout < job.Duration ? job.Timeout.Value : job.Duration);
        return true;
    }

    private bool EndAttempt(ModelJob job)
    {
        Outcome outcome = job.Timeout < job.Duration ? Outcome.TimedOut : job.Attempts <= job.Failures ? Outcome.Failure : Outcome.Success;
        if (outcome == Outcome.Success || job.Attempts > job.Retries)
        {
            return End(job, outcome != Outcome.Success && job.Tolerated ? Outcome.Unstable : outcome);
        }

        job.State = "backing off";
        job.At = _now + job.Delay;
        return true;
    }

    private bool End(ModelJob job, Outcome outcome)
    {
        (job.State, job.Outcome) = ("ended", outcome);
        if (outcome is not (Outcome.Failure or Outcome.TimedOut) || job.Always)
        {
            return true;
        }

        // What waits for it is skipped before anything is stopped.
        while (jobs.Any(other => other.State == "waiting" && Skips(other)))
        {
        }

        if (StopsAfterFailure && !_stopped)
        {
            Stop();
        }
        else if (job.Scope is { } scope && _stoppedScopes.Add(scope))
        {
            Stop(other => other.Scope == scope);
        }

        return true;
    }

    private bool Skips(ModelJob job)
    {
        // Only those that the end of another job skips; whoever may start now starts later in this instant.
        bool blocked = job.Needs.Any(i => jobs[i].Ended && IsBad(jobs[i]))
            || job.Optional.Any(i => jobs[i].Ended && (jobs[i].Outcome == Outcome.Skipped ? jobs[i].BehindFailure : IsBad(jobs[i])))
            || (job.Stage is { } stage && jobs.Where(other => other.Stage < stage) is { } before && before.All(other => other.Ended)
                && before.Any(other => other.Outcome == Outcome.Skipped ? other.BehindFailure : IsBad(other)));
        return blocked && !job.Always && Wait(job);
    }

    private void Stop()
    {
        _stopped = true;
        Stop(_ => true);
    }

    private void Stop(Func<ModelJob, bool> which)
    {
        foreach (ModelJob job in jobs.Where(job => which(job) && !job.Always && job.State is "waiting" or "running" or "backing off").Where(job => which(job) && !job.Always))
        {
            (job.State, job.Outcome) = ("ended", Outcome.Cancelled);
        }
    }

    private IEnumerable<ModelJob> Children(ModelJob group) => jobs.Where(job => job.Group == group.Index);

    private bool IsBad(ModelJob job) => !(job.Outcome == Outcome.Success || (job.Outcome == Outcome.Unstable && !SkipsAfterUnstable));
}
