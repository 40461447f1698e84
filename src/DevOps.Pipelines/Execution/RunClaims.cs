namespace DevOps.Pipelines;

/// <summary>What the jobs of a run ask of resources: of the run's own pool, or of the host's.</summary>
internal sealed class RunClaims
{
    private readonly ResourcePool _pool;
    private readonly RunShare _share;
    private readonly List<ClaimUse> _everyJob = [];
    private readonly long[]? _remainingTicks;
    private readonly long _run;
    private readonly TimeProvider _timeProvider;

    internal RunClaims(RunSetup setup)
    {
        _timeProvider = setup.Options.TimeProvider;
        Order = Comparer<JobState>.Create((a, b) => ClaimOrder.Usual.Compare(OrderOf(a), OrderOf(b)));
        PipelineHost? host = setup.Options.Host;
        _pool = host?.Pool ?? new();
        _run = _pool.NextRun();
        _share = new(host?.TenantOf(setup.Options.Tenant) ?? new(1));
        if (setup.Options.MaxConcurrency < int.MaxValue)
        {
            _everyJob.Add(new(new($"a free slot (at most {setup.Options.MaxConcurrency} {(setup.Options.MaxConcurrency == 1 ? "job" : "jobs")} at once)", setup.Options.MaxConcurrency, new OrderedClaims(ClaimOrder.Usual)), 1));
        }

        if (host is not null)
        {
            _everyJob.AddRange(host.UsesOf(setup.Options.Tenant));
        }

        if (_everyJob.Count > 0 && setup.Previous is { } previous)
        {
            _remainingTicks = CriticalPath.RemainingTicks(setup.Graph, previous.Durations);
        }
    }

    /// <summary>Gets in which order jobs of the run that became ready together ask.</summary>
    internal IComparer<JobState> Order { get; }

    /// <summary>Returns whether a job has to ask before it starts.</summary>
    internal bool AreNeededBy(Job job) => job.Kind is JobKind.Work or JobKind.Group && (_everyJob.Count > 0 || job.Settings.HoldsResources);

    internal bool TryAcquire(JobState job)
    {
        Claim claim = new(job, [.. UsesOf(job.Job)], OrderOf(job), _share);
        job.Claim = claim;
        job.QueuedSince ??= _timeProvider.GetTimestamp();
        if (_pool.TryAcquire(claim))
        {
            job.QueuedSince = job.QueuedBehind is null ? null : job.QueuedSince;
            return true;
        }

        job.QueuedBehind ??= claim.WaitsFor?.Name ?? "a resource";
        return false;
    }

    internal void Release(JobState job)
    {
        if (job.Claim is { } claim)
        {
            job.Claim = null;
            _pool.Release(claim);
        }
    }

    internal void Drop(Claim claim) => _pool.Drop(claim);

    private ClaimOrder OrderOf(JobState job) => new(job.Job.Settings.Priority, _remainingTicks is { } ticks && job.Index < ticks.Length ? ticks[job.Index] : 0, _run, job.Index);

    private IEnumerable<ClaimUse> UsesOf(Job job)
    {
        JobSettings settings = job.Settings;
        foreach (ClaimUse use in _everyJob)
        {
            yield return use;
        }

        foreach (string name in settings.Locks)
        {
            yield return new(_pool.Named("lock", name, ClaimOrder.Usual), 1);
        }

        foreach (ResourceGroupUse group in settings.Groups)
        {
            yield return new(_pool.Named("resource", group.Name, group.Mode switch { ResourceGroupMode.OldestFirst => ClaimOrder.OldestRun, ResourceGroupMode.NewestFirst => ClaimOrder.NewestRun, _ => ClaimOrder.Usual }), 1);
        }

        foreach (LimitUse limit in settings.Limits)
        {
            yield return new(_pool.Limited(limit.Limit), limit.Units);
        }
    }
}
