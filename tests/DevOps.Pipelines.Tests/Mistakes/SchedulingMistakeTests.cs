using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Mistakes;

/// <summary>Mistakes of other schedulers that their users reported, each as a test.</summary>
public sealed class SchedulingMistakeTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly PipelineTester _tester = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // ModularPipelines #1458, #3256, #1565: the scheduler polls every 100 ms while it waits.
    public async Task IdleRun_StartsNoTimers()
    {
        Job slow = _builder.AddJob("slow", Hours(24));
        _builder.AddJob("locked", Hours(1)).WithLock("door");
        _builder.AddJob("waits for the lock", Hours(1)).WithLock("door");
        _builder.AddJob("behind", Hours(1)).Needs(slow);
        await _tester.RunAsync(_builder.Build(), new() { MaxConcurrency = 2 }, Cancellation);

        // One for each wait of the jobs themselves, and none of the engine.
        Assert.Equal(4, _tester.Clock.TimersStarted);
    }

    [Fact] // ModularPipelines #3256: a week at an approval costs one timer, its expiry.
    public async Task WaitingApproval_StartsNoTimersButItsExpiry()
    {
        _builder.AddApproval("production", new() { Within = TimeSpan.FromDays(7) });
        await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal(1, _tester.Clock.TimersStarted);
    }

    [Fact] // ModularPipelines #3242: a deadlock is reported while the only unit under way is one that was put off.
    public async Task OnlyJobInBackOff_IsNoDeadlock()
    {
        int attempts = 0;
        Job flaky = _builder.AddJob("flaky", _ => ++attempts == 1 ? throw new IOException("broken") : Task.CompletedTask).WithRetry(new RetryOptions { Delay = TimeSpan.FromMinutes(5) });
        _builder.AddJob("behind", Hours(1)).Needs(flaky);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), new() { MaxConcurrency = 1 }, Cancellation);
        Assert.Equal((Outcome.Success, TimeSpan.FromMinutes(65)), (result.Outcome, result.Duration));
    }

    [Fact] // ModularPipelines #2985: told to wait for all, the first failure cancelled the others.
    public async Task Failure_LeavesOtherBranchesAlone()
    {
        _builder.AddJob("bad", _ => throw new InvalidOperationException("broken"));
        Job other = _builder.AddJob("other", Hours(1));
        _builder.AddJob("behind other", Hours(1)).Needs(other);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal([Outcome.Failure, Outcome.Success, Outcome.Success], result.Jobs.Select(job => job.Outcome));
    }

    [Fact] // ModularPipelines #3249: a back-off could not be cancelled.
    public async Task CancelledBackOff_EndsAtOnce()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(1), _tester.Clock);
        _builder.AddJob("flaky", _ => throw new IOException("broken")).WithRetry(new RetryOptions { Delay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: stop.Token);
        Assert.Equal((Outcome.Cancelled, TimeSpan.FromMinutes(1)), (result.Outcome, result.Duration));
        Assert.Contains("the last attempt failed: broken", result.Jobs[0].Reason, StringComparison.Ordinal);
    }

    [Fact] // ModularPipelines #3742: after Ctrl-C the shutdown took two minutes.
    public async Task Cancellation_EndsWithTheJobsAndNotLater()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(1), _tester.Clock);
        _builder.AddJob("long", Hours(5));
        _builder.AddJob("ignores it", _ => Task.Delay(TimeSpan.FromHours(9), _tester.Clock, CancellationToken.None));
        _builder.AddFinally("clear up", _ => Task.CompletedTask);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), new() { StopTimeout = TimeSpan.FromSeconds(3) }, stop.Token);
        Assert.Equal([Outcome.Cancelled, Outcome.Cancelled, Outcome.Success], result.Jobs.Select(job => job.Outcome));
        Assert.Equal(TimeSpan.FromSeconds(63), result.Duration);
    }

    [Fact] // ModularPipelines #3785: the failure of what always runs hides the root cause.
    public async Task FailureOfWhatAlwaysRuns_LeavesTheRootCause()
    {
        Job test = _builder.AddJob("test", async job =>
        {
            await Hours(1)(job);
            throw new InvalidOperationException("3 tests failed");
        });
        _builder.AddJob("report", _ => throw new IOException("disk full")).Needs(test).RunsAlways();
        _builder.AddFinally("clear up", _ => throw new IOException("no such file"));
        PipelineResult result = await _tester.RunAsync(_builder.Build(), new() { AfterFailure = AfterFailure.Stop }, Cancellation);
        Assert.Equal(["test"], result.RootCauses.Select(job => job.Name));
        Assert.Equal([Outcome.Failure, Outcome.Failure, Outcome.Failure], result.Jobs.Select(job => job.Outcome));
    }

    [Fact] // ModularPipelines #3458: who awaited the result of a unit hung when the run was cancelled.
    public async Task Cancellation_EndsEveryoneWhoWaits()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(1), _tester.Clock);
        Job<int> number = _builder.AddJob("number", async job =>
        {
            await Hours(1)(job);
            return 1;
        });
        _builder.AddJob("takes it", number, (_, _) => Task.CompletedTask);
        Job<ApprovalResult> gate = _builder.AddApproval("gate");
        _builder.AddJob("behind", _ => Task.CompletedTask).Needs(gate);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: stop.Token);
        Assert.All(result.Jobs, job => Assert.Equal(Outcome.Cancelled, job.Outcome));
        Assert.Equal(4, _tester.Events.OfType<JobFinished>().Count());
    }

    [Fact] // Cake (row 15), ModularPipelines: a target that was asked for and is skipped ends as if all were well.
    public async Task JobAskedForAndSkipped_IsAnError()
    {
        _builder.AddJob("deploy", _ => Task.CompletedTask).OnlyIf(_ => false);
        _builder.AddJob("other", _ => Task.CompletedTask);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), new() { Only = ["deploy"] }, Cancellation);
        Assert.Equal(Outcome.Failure, result.Outcome);
        Assert.StartsWith("'deploy' was asked for and did not run", result.Reason, StringComparison.Ordinal);
    }

    [Fact] // Bullseye: its check for circles follows every path, 5^12 of them here.
    public void CircleCheck_DenseGraph_LooksAtEachEdgeOnce()
    {
        Job[] before = [];
        for (int layer = 0; layer < 40; layer++)
        {
            before = [.. Enumerable.Range(0, 5).Select(i => _builder.AddJob($"{layer}.{i}", _ => Task.CompletedTask).Needs(before))];
        }

        Assert.Equal(200, _builder.Build().Jobs.Length);
    }

    [Fact] // Row 19: what joins at run time is checked as the rest: circles and names.
    public async Task JobsThatJoin_CircleOrKnownName_FailTheGroup()
    {
        Job<int> source = _builder.AddJob("source", _ => Task.FromResult(1));
        Job? behind = null;
        JobGroup circle = _builder.AddJobs("circle", source, (more, _) => more.AddJob("x", _ => Task.CompletedTask).Needs(behind!));
        behind = _builder.AddJob("behind", _ => Task.CompletedTask).Needs(circle);
        _builder.AddJobs("same name", source, (more, _) => more.AddJob("SOURCE", _ => Task.CompletedTask));

        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal([Outcome.Success, Outcome.Failure, Outcome.Skipped, Outcome.Failure], result.Jobs.Select(job => job.Outcome));
        Assert.Contains("x -> behind -> circle -> x", result.Jobs[1].Reason, StringComparison.Ordinal);
        Assert.Contains("the run has a job 'SOURCE' already", result.Jobs[3].Reason, StringComparison.Ordinal);
    }

    private static Func<JobContext, Task> Hours(int hours) => job => Task.Delay(TimeSpan.FromHours(hours), job.TimeProvider, job.Cancellation);
}
