namespace DevOps.Pipelines.Tests.Scheduling;

/// <summary>Random jobs of a seed, and the pipeline that is made of them.</summary>
internal sealed class RandomJobs
{
    private readonly Random _random;
    private readonly bool _shares;
    private readonly ConcurrencyLimit _limit = new("licences", 3);
    private readonly Dictionary<int, Job> _handles = [];

    internal RandomJobs(int seed, bool shares)
    {
        (_random, _shares) = (new(seed), shares);
        int count = _random.Next(1, 25);
        double density = _random.NextDouble() * 0.25;
        int stages = _random.Next(3) == 0 ? _random.Next(2, 4) : 0;
        Jobs = [.. Enumerable.Range(0, count).Select(i => Make(i, density, stages))];
        StageCount = stages;
        AddGroups();
        AddFinals();
        StopsAfterFailure = !shares && _random.Next(4) == 0;
        CancelAt = !shares && _random.Next(4) == 0 ? Time(4) : null;
        AfterUnstable = _random.Next(4) == 0 ? AfterUnstable.Skip : AfterUnstable.Continue;
        MaxConcurrency = shares && _random.Next(2) == 0 ? _random.Next(1, 5) : int.MaxValue;
    }

    internal ModelJob[] Jobs { get; private set; }

    internal int StageCount { get; }

    internal bool StopsAfterFailure { get; }

    internal TimeSpan? CancelAt { get; }

    internal AfterUnstable AfterUnstable { get; }

    internal int MaxConcurrency { get; }

    /// <summary>Gets what jobs at work tell: who, and whether they begin.</summary>
    internal List<(ModelJob Job, bool Begins)> Seen { get; } = [];

    internal Pipeline Build()
    {
        PipelineBuilder builder = new("random");
        Stage[] stages = [.. Enumerable.Range(0, StageCount).Select(i => builder.AddStage($"stage {i}"))];
        int[] order = [.. Jobs.Where(job => job.Group is null && !job.IsGroup).Select(job => job.Index)];
        _random.Shuffle(order);
        foreach (int i in order)
        {
            _handles[i] = Add(builder, Jobs[i]);
        }

        foreach (ModelJob group in Jobs.Where(job => job.IsGroup))
        {
            _handles[group.Index] = builder.AddJobs(group.Name, (Job<int>)_handles[group.Needs[0]], (more, _) =>
            {
                ModelJob[] children = [.. Jobs.Where(job => job.Group == group.Index)];
                Array.ForEach(children, child => _handles[child.Index] = Add(more, child));
                Array.ForEach(children, Tie);
            });
        }

        foreach (ModelJob job in Jobs.Where(job => job.Group is null))
        {
            Tie(job);
            if (job.Stage is { } stage)
            {
                _handles[job.Index].InStage(stages[stage]);
            }
        }

        foreach (IGrouping<int?, ModelJob> scope in Jobs.Where(job => job.Scope is not null).GroupBy(job => job.Scope))
        {
            System.Collections.Immutable.ImmutableArray<Job> together = [.. scope.Select(job => _handles[job.Index])];
            together.FailFast();
        }

        return builder.Build();
    }

    private ModelJob Make(int i, double density, int stages)
    {
        ModelJob job = new(i) { Duration = Time(1), Priority = _random.Next(3) };
        if (stages > 0 && _random.Next(2) == 0)
        {
            job.Stage = _random.Next(stages);
        }

        for (int other = 0; other < i; other++)
        {
            if (_random.NextDouble() < density && (job.Stage is null || Jobs is null))
            {
                (_random.Next(5) switch { 0 => job.Optional, 1 => job.Order, _ => job.Needs }).Add(other);
            }
        }

        if (stages > 0 && job.Stage is not null)
        {
            // Jobs of stages keep to their stages: an edge to a later one would be a circle.
            job.Needs.Clear();
            job.Optional.Clear();
            job.Order.Clear();
        }

        job.Always = _random.Next(10) == 0;
        job.Condition = _random.Next(8) == 0 ? _random.Next(2) == 0 : null;
        Fail(job);
        if (_shares)
        {
            job.Locks = [.. new[] { "a", "b", "c" }.Where(_ => _random.Next(5) == 0)];
            job.Units = _random.Next(3) == 0 ? _random.Next(1, 4) : 0;
        }
        else if (_random.Next(6) == 0)
        {
            job.Scope = _random.Next(2);
        }

        return job;
    }

    private void Fail(ModelJob job)
    {
        job.Failures = _random.Next(5) == 0 ? _random.Next(1, 4) : 0;
        job.Retries = _random.Next(3) == 0 ? _random.Next(1, 4) : 0;
        job.Delay = _random.Next(3) == 0 ? TimeSpan.Zero : Time(1);
        job.Timeout = _random.Next(6) == 0 ? Time(2) : null;
        job.Tolerated = _random.Next(5) == 0;
    }

    private void AddGroups()
    {
        int plain = Jobs.Length;
        int groups = _random.Next(3) == 0 ? _random.Next(1, 3) : 0;
        for (int g = 0; g < groups; g++)
        {
            int known = Jobs.Length;
            ModelJob group = new(known) { IsGroup = true, Needs = { _random.Next(plain) } };
            int outside = group.Needs[0];

            // A tolerated failure leaves no value to tell which jobs there are.
            Jobs[outside].Tolerated = false;
            ModelJob[] children = [.. Enumerable.Range(1, _random.Next(1, 5)).Select(i => new ModelJob(known + i) { Group = known, Duration = Time(1) })];
            foreach (ModelJob child in children)
            {
                child.Needs.AddRange(children.Where(other => other.Index < child.Index && _random.Next(3) == 0).Select(other => other.Index));
                if (_random.Next(3) == 0)
                {
                    child.Optional.Add(outside);
                }

                Fail(child);
            }

            Jobs = [.. Jobs, group, .. children];
            if (_random.Next(2) == 0)
            {
                ModelJob behind = new(Jobs.Length) { Duration = Time(1), Needs = { known } };
                Jobs = [.. Jobs, behind];
            }
        }
    }

    private void AddFinals()
    {
        for (int count = _random.Next(4) == 0 ? _random.Next(1, 3) : 0; count > 0; count--)
        {
            Jobs = [.. Jobs, new ModelJob(Jobs.Length) { Final = true, Always = true, Duration = Time(1), Failures = _random.Next(3) == 0 ? 1 : 0 }];
        }
    }

    private Job Add(PipelineBuilder builder, ModelJob job)
    {
        Func<JobContext, Task<int>> work = context => WorkAsync(context, job);
        Job added = job.Final ? builder.AddFinally(job.Name, context => WorkAsync(context, job)) : builder.AddJob(job.Name, work);
        added.WithPriority(job.Priority).WithRetry(new RetryOptions { MaxRetries = job.Retries, Delay = job.Delay, BackOff = 1, MaxDelay = TimeSpan.FromDays(1) });
        if (job.Timeout is { } timeout)
        {
            added.WithTimeout(timeout);
        }

        if (job.Condition is { } condition)
        {
            added.OnlyIf(_ => condition);
        }

        if (job.Tolerated)
        {
            added.WithTolerance();
        }

        if (job.Always && !job.Final)
        {
            added.RunsAlways();
        }

        if (job.Units > 0)
        {
            added.WithLimit(_limit, job.Units);
        }

        return added.WithLock(job.Locks);
    }

    private void Tie(ModelJob job) => _handles[job.Index]
        .Needs([.. job.Needs.Select(i => _handles[i])])
        .NeedsIfPlanned([.. job.Optional.Select(i => _handles[i])])
        .After([.. job.Order.Select(i => _handles[i])]);

    private async Task<int> WorkAsync(JobContext context, ModelJob job)
    {
        Seen.Add((job, true));
        try
        {
            await DelayAsync(context, job.Duration);
            return context.Attempt <= job.Failures ? throw new InvalidOperationException($"{job.Name} is broken") : job.Index;
        }
        finally
        {
            Seen.Add((job, false));
        }
    }

    /// <summary>Waits in virtual time. A cancelled Task.Delay would go on in the thread pool.</summary>
    private static async Task DelayAsync(JobContext context, TimeSpan time)
    {
        TaskCompletionSource done = new();
        using ITimer timer = context.TimeProvider.CreateTimer(_ => done.TrySetResult(), null, time, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration registration = context.Cancellation.UnsafeRegister((_, token) => done.TrySetCanceled(token), null);
        await done.Task;
    }

    // So fine that two things of one run never happen by chance at the same time.
    private TimeSpan Time(int seconds) => TimeSpan.FromTicks(_random.NextInt64(1, seconds * TimeSpan.TicksPerSecond * 1000));
}
