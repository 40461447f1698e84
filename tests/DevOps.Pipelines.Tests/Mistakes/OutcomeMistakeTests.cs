using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Mistakes;

/// <summary>Mistakes of others with how jobs end, and behaviours of theirs that are kept.</summary>
public sealed class OutcomeMistakeTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly PipelineTester _tester = new();
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Jenkins, row 25: always{error} makes failure run and success not; an error does not stop the rest; cleanup is last.
    public async Task PostAlwaysThatFails_MakesFailureRunAndSuccessNot()
    {
        _builder.AddJob("job", _ => Task.CompletedTask).WithPost(All(failing: "always"));
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal(["always", "changed", "unsuccessful", "failure", "cleanup"], _ran);
        Assert.Equal((Outcome.Failure, 1), (result.Outcome, result.Jobs[0].PostErrors.Length));
    }

    [Fact] // JENKINS-52114: what was aborted ran "failure".
    public async Task AbortedJob_RunsAbortedAndNotFailure()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(1), _tester.Clock);
        _builder.AddJob("job", Hour).WithPost(All());
        await _tester.RunAsync(_builder.Build(), cancellationToken: stop.Token);
        Assert.Equal(["always", "changed", "aborted", "unsuccessful", "cleanup"], _ran);
    }

    [Fact] // Jenkins, row 25: the work of a stage that was skipped does not run.
    public async Task SkippedJob_RunsNoPostWork()
    {
        _builder.AddJob("job", Hour).OnlyIf(_ => false).WithPost(All());
        await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Empty(_ran);
    }

    [Fact] // Jenkins, row 25: changed, fixed and regression look at the last *completed* run; a cancelled one is none.
    public async Task ChangedFixedAndRegression_CompareWithTheLastCompletedRun()
    {
        string ends = "";
        _builder.AddJob("job", job => ends switch { "bad" => throw new InvalidOperationException("broken"), "hangs" => Hour(job), _ => Task.CompletedTask }).WithPost(All());
        Pipeline pipeline = _builder.Build();
        MemoryRunStore store = new(_tester.Clock);
        List<string> told = [];
        foreach (string end in new[] { "good", "bad", "hangs", "bad", "good", "hangs", "good" })
        {
            ends = end;
            _ran.Clear();
            using CancellationTokenSource stop = new(end == "hangs" ? TimeSpan.FromMinutes(1) : Timeout.InfiniteTimeSpan, _tester.Clock);
            await _tester.RunAsync(pipeline, new() { Store = store, RunId = $"run-{told.Count}" }, stop.Token);
            _tester.Clock.Advance(TimeSpan.FromHours(1));
            told.Add($"{end}: {string.Join(' ', _ran.Where(name => name is "changed" or "fixed" or "regression"))}");
        }

        Assert.Equal(["good: changed", "bad: changed regression", "hangs: changed", "bad: ", "good: changed fixed", "hangs: changed regression", "good: "], told);
    }

    [Fact] // Jenkins, row 26: a step that failed can leave the job unstable, or a success.
    public async Task FailedStep_CanLeaveTheJobUnstableOrGood()
    {
        _builder.AddJob("warns", job => job.StepAsync("lint", () => throw new InvalidOperationException("3 warnings"), StepFailure.MarkUnstable));
        _builder.AddJob("ignores", job => job.StepAsync("lint", () => throw new InvalidOperationException("3 warnings"), StepFailure.Ignore));
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal([(Outcome.Unstable, Outcome.Failure), (Outcome.Success, Outcome.Failure)], result.Jobs.Select(job => (job.Outcome, job.Steps[0].Outcome)));
    }

    [Fact] // Jenkins, row 27: stages behind an unstable one can be skipped.
    public async Task StageBehindUnstable_CanBeSkipped()
    {
        Stage test = _builder.AddStage("test");
        Stage deploy = _builder.AddStage("deploy");
        _builder.AddJob("unit", job =>
        {
            job.MarkUnstable("flaky");
            return Task.CompletedTask;
        }).InStage(test);
        _builder.AddJob("push", _ => Task.CompletedTask).InStage(deploy);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), new() { AfterUnstable = AfterUnstable.Skip }, Cancellation);
        Assert.Equal([Outcome.Unstable, Outcome.Skipped], result.Jobs.Select(job => job.Outcome));
    }

    [Theory] // GitLab, row 31: "when" and "exit_codes" of a retry are combined with OR.
    [InlineData(7, Failure.System, 2)]
    [InlineData(8, Failure.System, 1)]
    [InlineData(8, Failure.ExitCode, 2)]
    [InlineData(7, Failure.None, 2)]
    public async Task RetryByKindAndExitCode_AreCombinedWithOr(int code, Failure on, int attempts)
    {
        _builder.AddJob("job", job => job.RunAsync("work", [])).WithRetry(new RetryOptions { MaxRetries = 1, On = on, ExitCodes = [7] });
        _tester.Processes.On("work", [], new ProcessAnswer { ExitCode = code });
        await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal(attempts, _tester.Processes.Invocations.Length);
    }

    [Fact] // Row 31: attempts stay in the history, and what follows the job runs once behind all of them.
    public async Task RetriedJob_KeepsItsAttemptsAndRunsPostWorkOnce()
    {
        _builder.AddJob("job", _ => throw new IOException("broken")).WithRetry(2).WithPost(All());
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal([1, 2, 3], result.Jobs[0].Attempts.Select(attempt => attempt.Number));
        Assert.Equal(["always", "changed", "unsuccessful", "failure", "cleanup"], _ran);
    }

    [Fact] // Row 32: a timeout is a status of its own, not a failure, and processes end with it.
    public async Task Timeout_IsAStatusOfItsOwn()
    {
        _builder.AddJob("job", job => job.RunAsync("work", [])).WithTimeout(TimeSpan.FromMinutes(5));
        _tester.Processes.On("work", [], new ProcessAnswer { Duration = TimeSpan.FromDays(1) });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((Outcome.TimedOut, TimeSpan.FromMinutes(5), "it took longer than 00:05:00"), (result.Outcome, result.Duration, result.Jobs[0].Reason));
    }

    [Theory] // GitLab rows 22 and 23, gitlab-ci-local: allow_failure with exit codes was taken as true for every code.
    [InlineData(42, Outcome.Unstable)]
    [InlineData(43, Outcome.Failure)]
    public async Task ToleratedExitCode_LeavesEveryOtherCodeAFailure(int code, Outcome expected)
    {
        _builder.AddJob("job", job => job.RunAsync("work", [])).WithTolerance(new Tolerance { ExitCodes = [42] });
        _tester.Processes.On("work", [], new ProcessAnswer { ExitCode = code });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((expected, expected), (result.Jobs[0].Outcome, result.Outcome));
    }

    [Fact] // Cake, rows 29 and 30: the teardown runs if the setup threw, and the errors of all teardowns are kept.
    public async Task Teardowns_RunAfterAFailedSetupAndKeepAllErrors()
    {
        Job setup = _builder.AddJob("setup", _ => throw new InvalidOperationException("no setup"));
        _builder.AddJob("work", Hour).Needs(setup);
        _builder.AddFinally("teardown 1", _ => throw new IOException("one"));
        _builder.AddFinally("teardown 2", _ => throw new IOException("two"));
        _builder.WithPost(PostConditions.None.Always(_ => throw new IOException("three")).Cleanup(_ => throw new IOException("four")));
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal(["no setup", "one", "two", "three", "four"], result.Jobs.Select(job => job.Error).Concat(result.PostErrors).OfType<JobError>().Select(error => error.Message));
        Assert.Equal(["setup"], result.RootCauses.Select(job => job.Name));
    }

    private static Task Hour(JobContext job) => Task.Delay(TimeSpan.FromHours(1), job.TimeProvider, job.Cancellation);

    private PostConditions All(string? failing = null)
    {
        Func<PostContext, Task> Tells(string name) => _ =>
        {
            _ran.Add(name);
            return name == failing ? throw new InvalidOperationException(name) : Task.CompletedTask;
        };
        return PostConditions.None.Cleanup(Tells("cleanup")).OnFailure(Tells("failure")).OnUnstable(Tells("unstable")).OnNotBuilt(Tells("not built")).OnUnsuccessful(Tells("unsuccessful"))
            .OnSuccess(Tells("success")).OnAborted(Tells("aborted")).OnRegression(Tells("regression")).OnFixed(Tells("fixed")).OnChanged(Tells("changed")).Always(Tells("always"));
    }
}
