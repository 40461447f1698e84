namespace DevOps.Pipelines;

/// <summary>What follows from a change of the graph's state, to be done once the lock is left.</summary>
internal struct JobChanges
{
    private JobState? _ready;
    private List<JobState>? _moreReady;

    /// <summary>Gets or sets whether nothing may be at work any more, so that the run has to be looked at.</summary>
    internal bool MayBeDone { get; set; }

    /// <summary>Gets jobs that ended without having worked.</summary>
    internal List<JobState>? Ended { get; private set; }

    /// <summary>Gets groups all of whose jobs ended.</summary>
    internal List<JobState>? Gathered { get; private set; }

    /// <summary>Gets jobs that waited for their next attempt and will have none.</summary>
    internal List<JobState>? Woken { get; private set; }

    /// <summary>Gets claims that nobody wants any more.</summary>
    internal List<Claim>? Dropped { get; private set; }

    internal void AddReady(JobState job)
    {
        if (_ready is null)
        {
            _ready = job;
        }
        else
        {
            (_moreReady ??= []).Add(job);
        }
    }

    internal void AddEnded(JobState job) => (Ended ??= []).Add(job);

    internal void AddGathered(JobState job) => (Gathered ??= []).Add(job);

    internal void AddWoken(JobState job) => (Woken ??= []).Add(job);

    internal void AddDropped(Claim claim) => (Dropped ??= []).Add(claim);

    /// <summary>Takes out a job that may start and needs no resources.</summary>
    internal JobState? TakeOneAtWork()
    {
        if (_ready is not { Status: JobStatus.Working } taken)
        {
            return null;
        }

        _ready = null;
        return taken;
    }

    /// <summary>Calls for every job that may start now. Where some ask for resources, who is served first comes first; else they come in the order in which they became ready.</summary>
    internal readonly void ForEachReady(Action<JobState> start, IComparer<JobState> order)
    {
        if (_moreReady is not { } more)
        {
            if (_ready is not null)
            {
                start(_ready);
            }

            return;
        }

        if (_ready is not null)
        {
            more.Insert(0, _ready);
        }

        if (more.Exists(static job => job.Status == JobStatus.Claiming))
        {
            more.Sort(order);
        }

        foreach (JobState job in more)
        {
            start(job);
        }
    }
}
