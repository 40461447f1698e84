using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>The order in which jobs start, and their results; nothing here depends on how fast a job is.</summary>
public sealed class PipelineRunTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_NoJobs_Succeeds()
    {
        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(("ship", Outcome.Success), (result.Pipeline, result.Outcome));
        Assert.Empty(result.Jobs);
    }

    [Fact]
    public async Task RunAsync_OwnNeedsDone_StartsWhileOthersOfTheSameDepthWork()
    {
        // "slow" ends only after the whole other branch did: stages in lockstep would wait for each other for ever.
        TaskCompletionSource branchDone = NewSignal();
        Job root = _builder.AddJob("root", Nothing);
        Job slow = _builder.AddJob("slow", _ => branchDone.Task.WaitAsync(Cancellation)).Needs(root);
        Job quick = _builder.AddJob("quick", Nothing).Needs(root);
        Job behind = _builder.AddJob("behind", Nothing).Needs(quick);
        _builder.AddJob("end of branch", _ => Task.FromResult(branchDone.TrySetResult())).Needs(behind);
        _builder.AddJob("last", Nothing).Needs(slow, behind);

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.All(result.Jobs, job => Assert.Equal(Outcome.Success, job.Outcome));
    }

    [Fact]
    public async Task RunAsync_Needs_EndBeforeTheJobStarts()
    {
        RecordingProgress<PipelineEvent> progress = new();
        Job a = _builder.AddJob("a", Nothing);
        Job b = _builder.AddJob("b", YieldingAsync).Needs(a);
        Job c = _builder.AddJob("c", YieldingAsync).Needs(a);
        _builder.AddJob("d", Nothing).Needs(b, c);
        await _builder.Build().RunAsync(new() { Progress = progress }, Cancellation);

        string[] order = [.. progress.Reports.OfType<JobEvent>().Select(happened => $"{happened.GetType().Name} {happened.Job}")];
        Assert.Equal(8, order.Length);
        Assert.All(
            [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")],
            edge => Assert.True(Array.IndexOf(order, $"JobFinished {edge.Item1}") < Array.IndexOf(order, $"JobStarted {edge.Item2}"), string.Join(", ", order)));
    }

    [Fact]
    public async Task RunAsync_SynchronousJobs_DoNotHoldUpEachOther()
    {
        // Both block their thread until the other runs.
        using Barrier barrier = new(2);
        _builder.AddJob("one", _ => Task.FromResult(Meet(barrier)));
        _builder.AddJob("two", _ => Task.FromResult(Meet(barrier)));

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task RunAsync_MaxConcurrency_IsReachedAndNeverPassed(int max)
    {
        int working = 0;
        int peak = 0;
        Lock gate = new();
        TaskCompletionSource full = NewSignal();
        for (int i = 0; i < 20; i++)
        {
            _builder.AddJob($"job {i}", async _ =>
            {
                lock (gate)
                {
                    peak = Math.Max(peak, ++working);
                    if (working == max)
                    {
                        full.TrySetResult();
                    }
                }

                // The first jobs wait until as many work as may.
                await full.Task.WaitAsync(Cancellation);
                await Task.Yield();
                lock (gate)
                {
                    working--;
                }
            });
        }

        PipelineResult result = await _builder.Build().RunAsync(new() { MaxConcurrency = max }, Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal(max, peak);
    }

    [Fact]
    public async Task RunAsync_OneAtATime_KeepsTheOrderTheyWereAdded()
    {
        List<string> order = [];
        for (int i = 0; i < 10; i++)
        {
            string name = $"job {i}";
            _builder.AddJob(name, async _ =>
            {
                await Task.Yield();
                order.Add(name);
            });
        }

        PipelineResult result = await _builder.Build().RunAsync(new() { MaxConcurrency = 1 }, Cancellation);
        Assert.Equal(result.Jobs.Select(job => job.Name), order);
    }

    [Fact]
    public async Task RunAsync_TwiceAtOnce_EachRunHasItsOwnState()
    {
        int runs = 0;
        TaskCompletionSource both = NewSignal();
        Job<int> number = _builder.AddJob("number", async job =>
        {
            int mine = Interlocked.Increment(ref runs);
            job.Log($"run {mine}");
            if (mine == 2)
            {
                both.SetResult();
            }

            await both.Task.WaitAsync(Cancellation);
            return mine == 2 ? mine : throw new InvalidOperationException("only the second run succeeds");
        });
        Job<int> twice = _builder.AddJob("twice", number, (_, value) => Task.FromResult(value * 2));
        Pipeline pipeline = _builder.Build();

        PipelineResult[] results = await Task.WhenAll(pipeline.RunAsync(cancellationToken: Cancellation), pipeline.RunAsync(cancellationToken: Cancellation));
        PipelineResult failed = Assert.Single(results, result => result.Outcome == Outcome.Failure);
        PipelineResult succeeded = Assert.Single(results, result => result.Outcome == Outcome.Success);
        Assert.Equal([Outcome.Failure, Outcome.Skipped], failed.Jobs.Select(job => job.Outcome));
        Assert.Equal("run 1", failed.Jobs[0].Log[0].Text);
        Assert.Equal("run 2", Assert.Single(succeeded.Jobs[0].Log).Text);
        Assert.Equal([number], twice.Needed);
    }

    [Fact]
    public async Task RunAsync_FakeClock_TimesComeFromIt()
    {
        DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        VirtualTimeProvider clock = new(noon);
        RecordingProgress<PipelineEvent> progress = new();
        Job first = _builder.AddJob("first", job =>
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            job.Log("three seconds in");
            job.SetStatus("working");
            clock.Advance(TimeSpan.FromSeconds(4));
            Assert.Same(clock, job.TimeProvider);
            return Task.CompletedTask;
        });
        _builder.AddJob("second", _ =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        }).Needs(first);

        PipelineResult result = await _builder.Build().RunAsync(new() { TimeProvider = clock, Progress = progress }, Cancellation);

        Assert.Equal((noon, TimeSpan.FromSeconds(3607)), (result.StartedAt, result.Duration));
        Assert.Equal((noon, TimeSpan.FromSeconds(7)), (result.Jobs[0].StartedAt, result.Jobs[0].Duration));
        Assert.Equal((noon.AddSeconds(7), TimeSpan.FromHours(1)), (result.Jobs[1].StartedAt, result.Jobs[1].Duration));
        Assert.Equal(noon.AddSeconds(3), Assert.Single(result.Jobs[0].Log).At);
        Assert.Equal(
            [
                ("RunStarted", 0d), ("JobStarted", 0d), ("JobLogged", 3d), ("JobStatusChanged", 3d), ("JobFinished", 7d),
                ("JobStarted", 7d), ("JobFinished", 3607d), ("RunFinished", 3607d),
            ],
            progress.Reports.Select(happened => (happened.GetType().Name, (happened.At - noon).TotalSeconds)));
    }

    private static bool Meet(Barrier barrier)
    {
        barrier.SignalAndWait(Cancellation);
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task Nothing(JobContext job) => Task.CompletedTask;

    private static async Task YieldingAsync(JobContext job) => await Task.Yield();
}
