using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class RunExplanationTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly VirtualTimeProvider _clock = new(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_SkippedBehindStages_GoesBackToTheRootCause()
    {
        Stage one = _builder.AddStage("one");
        Stage two = _builder.AddStage("two");
        _builder.AddJob("fine", job => Work(1)).InStage(one);
        _builder.AddJob("test", job => throw new InvalidOperationException("2 of 3 tests\nfailed")).InStage(one);
        Job push = _builder.AddJob("push", job => Work(1)).InStage(two);
        _builder.AddJob("deploy", job => Work(1)).Needs(push);
        PipelineResult result = await RunAsync();
        Assert.Equal(
            """
            deploy was skipped: needs 'push', which was skipped
              push was skipped: needs stage 'one', which failed
                test failed: 2 of 3 tests failed
              so it all began with 'test'

            """,
            result.Explain("Deploy"));
    }

    [Fact]
    public async Task Explain_WorkedBehindOthers_ShowsTheChainTheQueueAndTheAttempts()
    {
        Job restore = _builder.AddJob("restore", job => Work(2));
        Job build = _builder.AddJob("build", job => Work(90)).Needs(restore).WithLock("db");
        int attempts = 0;
        _builder.AddJob("test", async job =>
        {
            await Work(3);
            throw new InvalidOperationException($"flaky {++attempts}");
        }).Needs(build, restore).WithRetry(1).WithTolerance(new() { CountsAs = Outcome.Success });
        PipelineResult result = await RunAsync();
        Assert.Equal(
            """
            test is unstable: flaky 2
              it could start when 'build' had ended, the last that it waited for
              the chain that it waited for, from its start:
                restore: for 2.0 s, from 0.0 s to 2.0 s of the run
                build: for 1 min 30 s, from 2.0 s to 1 min 32 s of the run
              it worked for 6.0 s, from 1 min 32 s to 1 min 38 s of the run
              attempt 1 failed after 3.0 s: flaky 1
              attempt 2 failed after 3.0 s: flaky 2
              its failure is tolerated, and counts as a success in the run

            """,
            result.Explain("test"));
    }

    [Fact]
    public void Explain_ResultOfFieldsAlone_IsToldAsFarAsItIsKnown()
    {
        DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        PipelineResult result = new()
        {
            Pipeline = "ship",
            RunId = "r1",
            Outcome = Outcome.Failure,
            StartedAt = start,
            Duration = TimeSpan.FromMinutes(5),
            Jobs =
            [
                new() { Name = "old", Needs = [], Outcome = Outcome.Success, StartedAt = start.AddHours(-1), Duration = TimeSpan.FromHours(1.5), IsRestored = true },
                new() { Name = "deploy", Needs = [], Outcome = Outcome.TimedOut, StartedAt = start.AddSeconds(5), Duration = TimeSpan.FromSeconds(60), Reason = "it took longer than 00:01:00", LastNeed = "old", QueuedFor = TimeSpan.FromSeconds(4.25), QueuedBehind = "lock 'db'" },
                new() { Name = "clean", Needs = [], Outcome = Outcome.Failure, StartedAt = start.AddSeconds(65), Reason = "broken", LastNeed = "gone", IsTeardown = true, PostErrors = [new("E", "post broke", "", Failure.Exception)] },
                new() { Name = "late", Needs = [], Outcome = Outcome.Cancelled, Reason = "the run was cancelled before it could start", LastNeed = "old" },
            ],
        };
        Assert.Equal(
            """
            old succeeded
              its result was taken over from an earlier part of the run, or from an earlier run
              it waited for no other job
              it worked for 1 h 30 min, before this part of the run

            """,
            result.Explain("old"));
        Assert.Equal(
            """
            deploy timed out: it took longer than 00:01:00
              it could start when 'old' had ended, the last that it waited for
              the chain that it waited for, from its start:
                old: for 1 h 30 min, before this part of the run
              then it waited 4.2 s for lock 'db'
              it worked for 1 min 00 s, from 5.0 s to 1 min 05 s of the run
              the run failed of it first

            """,
            result.Explain("deploy"));
        Assert.Equal(
            """
            clean failed: broken
              it could start when 'gone' had ended
              it worked for 0.0 s, from 1 min 05 s to 1 min 05 s of the run
              the work that followed it failed: post broke
              it runs however others ended

            """,
            result.Explain("clean"));
        Assert.Equal("late was cancelled: the run was cancelled before it could start\n", result.Explain("late"));
        Assert.Equal("The run 'r1' of 'ship' has no job 'deplyo' (did you mean 'deploy'?). It may have been left out of the run. (Parameter 'jobName')", Assert.Throws<ArgumentException>(() => result.Explain("deplyo")).Message);
    }

    [Fact]
    public async Task Explain_LongChain_IsBounded()
    {
        Job last = _builder.AddJob("job 0", _ => throw new InvalidOperationException("broken"));
        for (int i = 1; i < 5000; i++)
        {
            last = _builder.AddJob($"job {i}", _ => Task.CompletedTask).Needs(last);
        }

        PipelineResult result = await RunAsync();
        string[] lines = result.Explain("job 4999").Split('\n');
        Assert.Equal(54, lines.Length);
        Assert.EndsWith("back to: job 0 failed: broken", lines[51], StringComparison.Ordinal);
    }

    private Task<PipelineResult> RunAsync() => _builder.Build().RunAsync(new() { TimeProvider = _clock, MaxConcurrency = 1 }, Cancellation);

    private Task Work(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    }
}
