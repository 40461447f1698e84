namespace DevOps.Pipelines;

/// <summary>The state of a run's graph: who waits for whom, and what the end of one job means to the others. Every call is made under the engine's lock.</summary>
/// <remarks>Each edge is looked at once. Nothing here calls code of a user.</remarks>
internal sealed class JobTable(RunEngine engine, RunOptions options, IReadOnlyDictionary<string, RecordedJob> records)
{
    private readonly List<JobState> _jobs = [];
    private readonly Stack<JobState> _ended = new();
    private readonly int[] _counts = new int[Enum.GetValues<JobStatus>().Length];
    private string? _cancelled;
    private int _untold;

    internal IReadOnlyList<JobState> Jobs => _jobs;

    /// <summary>Gets how many jobs have not ended.</summary>
    internal int Open => _jobs.Count - Count(JobStatus.Ended);

    /// <summary>Gets how many jobs are at this point of their life.</summary>
    internal int Count(JobStatus status) => _counts[(int)status];

    /// <summary>Gets how many jobs are at work, on their way or due, or ended without anybody having been told yet.</summary>
    internal int Moving => Count(JobStatus.Working) + Count(JobStatus.Claiming) + Count(JobStatus.BackingOff) + _untold;

    /// <summary>Takes note that the observers were told of jobs that ended without having worked: before that the run does not end.</summary>
    internal void Told(int count) => _untold -= count;

    internal void Set(JobState job, JobStatus status)
    {
        _counts[(int)job.Status]--;
        job.Status = status;
        _counts[(int)status]++;
    }

    /// <summary>Adds a job; the index of its node is its place in the run.</summary>
    internal JobState Add(GraphNode node) => Add(node, null, records);

    private JobState Add(GraphNode node, JobState? group, IReadOnlyDictionary<string, RecordedJob> known)
    {
        JobState job = new(engine, node) { Group = group, Record = known.Count > 0 ? known.GetValueOrDefault(node.Job.Name) : null };
        _jobs.Add(job);
        _counts[(int)JobStatus.Waiting]++;
        if (group is not null)
        {
            group.OpenChildren++;
        }

        return job;
    }

    /// <summary>Lets a job that waited for its next attempt have it.</summary>
    internal void Retry(JobState job, ref JobChanges changes) => MakeReady(job, ref changes);

    /// <summary>Lets jobs start that wait for nothing; those that a record stands for end first.</summary>
    internal void Begin(IReadOnlyList<JobState> jobs, ref JobChanges changes)
    {
        foreach (JobState job in jobs)
        {
            if (job.Record is { } record)
            {
                (job.Outcome, job.IsBehindFailure) = (record.Result.Outcome, record.IsBehindFailure);
                MarkEnded(job);
                AddEnded(job, ref changes);
            }
            else if (job.Node.SkipReason is { } reason)
            {
                EndUnstarted(job, Outcome.Skipped, reason, ref changes);
            }
        }

        HandOn(ref changes);
        foreach (JobState job in jobs)
        {
            foreach ((JobState other, EdgeKind kind) in job.EndedBefore ?? [])
            {
                Arrive(job, other, kind, ref changes);
            }

            if (job is { Status: JobStatus.Waiting, Missing: 0 })
            {
                MakeReady(job, ref changes);
            }
        }

        HandOn(ref changes);
    }

    /// <summary>Lets the jobs of a group join the run. Edges to jobs of the run are among what the nodes wait for, and not among the dependants of those.</summary>
    internal void Join(JobState group, GraphNode[] nodes, IReadOnlyDictionary<string, RecordedJob> done, ref JobChanges changes)
    {
        Set(group, JobStatus.Expanded);
        int known = _jobs.Count;
        List<JobState> joined = [.. nodes.Select(node => Add(node, group, done))];
        foreach (JobState job in joined)
        {
            foreach (GraphEdge edge in job.Node.Waits.Where(edge => edge.Node.Index < known))
            {
                JobState other = _jobs[edge.Node.Index];
                if (other.Status == JobStatus.Ended)
                {
                    job.EndedBefore = (job.EndedBefore ?? []).Append((other, edge.Kind));
                }
                else
                {
                    (other.JoinedDependants ??= []).Add(new(job.Node, edge.Kind));
                }
            }
        }

        Begin(joined, ref changes);
        if (group.OpenChildren == 0 && group.Status == JobStatus.Expanded)
        {
            Set(group, JobStatus.Working);
            changes.AddGathered(group);
        }
    }

    /// <summary>Ends a job that has worked, or was looked at and did not.</summary>
    internal void End(JobState job, Outcome outcome, ref JobChanges changes)
    {
        job.Outcome = outcome;
        MarkEnded(job);
        HandOn(ref changes);
    }

    /// <summary>Ends all that has not started, as far as <paramref name="which"/> tells and it does not run always.</summary>
    internal void Cancel(string reason, Predicate<JobState>? which, ref JobChanges changes)
    {
        if (which is null)
        {
            _cancelled ??= reason;
        }

        foreach (JobState job in _jobs)
        {
            if (which?.Invoke(job) == false)
            {
                continue;
            }

            if (job.Status == JobStatus.BackingOff && !job.RunsAlways)
            {
                Set(job, JobStatus.Working);
                changes.AddWoken(job);
            }
            else if (job.Status is JobStatus.Waiting or JobStatus.Claiming && !job.RunsAlways && job.Job.Kind != JobKind.Gate)
            {
                if (job is { Status: JobStatus.Claiming, Claim: { } claim })
                {
                    changes.AddDropped(claim);
                }

                EndUnstarted(job, Outcome.Cancelled, $"{reason} before it could start", ref changes);
            }
        }

        HandOn(ref changes);
    }

    private void MarkEnded(JobState job)
    {
        Set(job, JobStatus.Ended);
        _ended.Push(job);
    }

    private void EndUnstarted(JobState job, Outcome outcome, string reason, ref JobChanges changes)
    {
        (job.Outcome, job.EndReason) = (outcome, reason);
        MarkEnded(job);
        if (job.Job.Kind != JobKind.Gate)
        {
            AddEnded(job, ref changes);
        }
    }

    private void AddEnded(JobState job, ref JobChanges changes)
    {
        _untold++;
        changes.AddEnded(job);
    }

    // A stack and no recursion: a chain of a hundred thousand jobs is skipped as any other.
    private void HandOn(ref JobChanges changes)
    {
        while (_ended.TryPop(out JobState? ended))
        {
            TellGroup(ended, ref changes);
            foreach (GraphEdge edge in ended.Node.Dependants)
            {
                Arrive(_jobs[edge.Node.Index], ended, edge.Kind, ref changes);
            }

            foreach (GraphEdge edge in ended.JoinedDependants ?? [])
            {
                Arrive(_jobs[edge.Node.Index], ended, edge.Kind, ref changes);
            }
        }
    }

    private void Arrive(JobState job, JobState ended, EdgeKind kind, ref JobChanges changes)
    {
        if (job.Status != JobStatus.Waiting)
        {
            return;
        }

        job.Missing--;
        job.LastNeed = ended;
        if (Blocks(ended, kind))
        {
            bool isFailure = ended.Outcome != Outcome.Skipped || ended.IsBehindFailure;
            job.Blocker = job.Blocker is null || (isFailure && !job.IsBehindFailure) ? ended : job.Blocker;
            job.IsBehindFailure |= isFailure;
        }

        // Behind a condition that was not met it waits for the rest: whether something failed as well must not depend on which of them ends first.
        if (job.Blocker is { } blocker && !job.RunsAlways && job.Job.Kind != JobKind.Gate)
        {
            if (job.IsBehindFailure || job.Missing == 0)
            {
                EndUnstarted(job, Outcome.Skipped, $"needs {Shown(blocker)}, which {blocker.Outcome.Told()}", ref changes);
            }
        }
        else if (job.Missing == 0)
        {
            MakeReady(job, ref changes);
        }
    }

    private void MakeReady(JobState job, ref JobChanges changes)
    {
        if (job.Job.Kind == JobKind.Gate)
        {
            (job.Outcome, job.IsBehindFailure) = job.Blocker is { } blocker ? (blocker.Outcome, true) : (Outcome.Success, false);
            MarkEnded(job);
        }
        else if (_cancelled is not null && !job.RunsAlways)
        {
            EndUnstarted(job, Outcome.Cancelled, $"{_cancelled} before it could start", ref changes);
        }
        else
        {
            Set(job, engine.Claims.AreNeededBy(job.Job) ? JobStatus.Claiming : JobStatus.Working);
            changes.AddReady(job);
        }
    }

    private void TellGroup(JobState ended, ref JobChanges changes)
    {
        if (ended.Group is { } group)
        {
            group.ChildrenOutcome = group.ChildrenOutcome.And(ended.Result?.CountsAs ?? ended.Record?.Result.CountsAs ?? ended.Outcome);
            if (--group.OpenChildren == 0 && group.Status == JobStatus.Expanded)
            {
                Set(group, JobStatus.Working);
                changes.AddGathered(group);
            }
        }
    }

    private bool Blocks(JobState ended, EdgeKind kind) => kind switch
    {
        EdgeKind.Order => false,
        EdgeKind.Optional when ended.Outcome == Outcome.Skipped => ended.IsBehindFailure,
        _ => !(ended.Outcome.IsGood() && (ended.Outcome != Outcome.Unstable || options.AfterUnstable == AfterUnstable.Continue)),
    };

    private static string Shown(JobState job) => job.Job.Kind == JobKind.Gate ? job.Job.Name : $"'{job.Job.Name}'";
}
