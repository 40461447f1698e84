using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Resources;

/// <summary>What becomes of slots and locks when jobs start together, wait to try again, or are stopped.</summary>
public sealed class ClaimLifeTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly PipelineTester _tester = new(new PipelineTesterOptions { RealGrace = TimeSpan.Zero });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_JobsReadyTogether_StartByPriority()
    {
        _builder.AddJob("low", Takes(1));
        Job first = _builder.AddJob("first", Takes(1)).WithPriority(9);
        _builder.AddJob("high", Takes(1)).WithPriority(5);
        _builder.AddJob("low behind", Takes(1)).Needs(first);
        _builder.AddJob("high behind", Takes(1)).WithPriority(7).Needs(first);

        await _tester.RunAsync(_builder.Build(), new() { MaxConcurrency = 1 }, Cancellation);

        Assert.Equal(["first", "high behind", "high", "low", "low behind"], _tester.Events.OfType<JobStarted>().Select(started => started.Job));
    }

    [Fact]
    public async Task RunAsync_AlwaysRunJobInBackOff_KeepsItsWaitAndItsLockWhenTheRunIsCancelled()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(5), _tester.Clock);
        int attempts = 0;
        int holding = 0;
        int most = 0;
        async Task HoldAsync(JobContext job, int seconds)
        {
            most = Math.Max(most, ++holding);
            await Task.Delay(TimeSpan.FromSeconds(seconds), job.TimeProvider, CancellationToken.None);
            holding--;
        }

        _builder.AddJob("clear up", async job =>
        {
            await HoldAsync(job, 1);
            if (++attempts == 1)
            {
                throw new IOException("broken");
            }
        }).RunsAlways().WithLock("door").WithRetry(new RetryOptions { Delay = TimeSpan.FromSeconds(10) });
        _builder.AddJob("holder", job => HoldAsync(job, 20)).WithLock("door");

        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: stop.Token);

        Assert.Equal([Outcome.Success, Outcome.Success], result.Jobs.Select(job => job.Outcome));
        Assert.Equal((1, 2), (most, attempts));
        Assert.Equal([0.0, 21.0], _tester.Events.OfType<JobStarted>().Where(started => started.Job == "clear up").Select(started => (started.At - result.StartedAt).TotalSeconds));
    }

    [Fact] // A timer may fire the moment it is made, before its maker goes on.
    public async Task RunAsync_RetryThatComesAtOnce_LosesNoSlot()
    {
        int attempts = 0;
        _builder.AddJob("flaky", _ => ++attempts < 10 ? throw new IOException("broken") : Task.CompletedTask).WithRetry(20).WithLock("door");
        _builder.AddJob("other", _ => Task.CompletedTask).WithLock("door");
        PipelineResult result = await _builder.Build().RunAsync(new() { MaxConcurrency = 1, TimeProvider = new HastyClock() }, Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal([Outcome.Success, Outcome.Success], result.Jobs.Select(job => job.Outcome));
    }

    [Fact]
    public async Task Host_NamesMadeUpWithoutEnd_AreForgotten()
    {
        PipelineHost host = new();
        for (int i = 0; i < 20; i++)
        {
            PipelineBuilder builder = new("ship");
            string name = $"pull request {i}";
            Job fails = builder.AddJob("fails", _ => throw new IOException("broken")).WithLock(name);
            builder.AddJob("holds", _ => Task.CompletedTask).WithLock(name);
            builder.AddJob("never", _ => Task.CompletedTask).Needs(fails).WithLock($"{name} too");
            await builder.Build().RunAsync(new() { Host = host, RunId = "run" }, Cancellation);
        }

        Assert.Equal(0, host.Pool.NameCount);
    }

    [Fact]
    public async Task Host_NameIsInUse_IsTheSameForAll()
    {
        PipelineHost host = new();
        int inside = 0;
        int most = 0;
        Pipeline Build()
        {
            PipelineBuilder builder = new("ship");
            for (int i = 0; i < 5; i++)
            {
                builder.AddJob($"job {i}", async _ =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }).WithLock("door");
            }

            return builder.Build();
        }

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Build().RunAsync(new() { Host = host }, Cancellation)));
        Assert.Equal((1, 0), (most, host.Pool.NameCount));
    }


    private static Func<JobContext, Task> Takes(int seconds) => job => Task.Delay(TimeSpan.FromSeconds(seconds), job.TimeProvider, job.Cancellation);

    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == TimeSpan.Zero)
            {
                callback(state);
                dueTime = Timeout.InfiniteTimeSpan;
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
