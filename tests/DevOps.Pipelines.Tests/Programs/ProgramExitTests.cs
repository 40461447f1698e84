namespace DevOps.Pipelines.Tests;

/// <summary>The exit code of each outcome, and what is told of it.</summary>
public sealed class ProgramExitTests
{
    private readonly ProgramWorld _world = new();
    private readonly PipelineBuilder _builder = new("ship");

    [Theory]
    [InlineData("success", 0, "")]
    [InlineData("unstable", 0, "")]
    [InlineData("skipped", 0, "")]
    [InlineData("tolerated", 0, "")]
    [InlineData("failure", 1, "error: work: broken\n")]
    [InlineData("timeout", 1, "error: work: it took longer than 00:00:05\n")]
    public async Task Outcome_OfTheRun_IsTheExitCode(string outcome, int expected, string error)
    {
        Job work = _builder.AddJob("work", async job =>
        {
            switch (outcome)
            {
                case "unstable":
                    job.MarkUnstable("1 of 2");
                    break;
                case "failure" or "tolerated":
                    throw new InvalidOperationException("broken");
                case "timeout":
                    _world.Clock.Advance(TimeSpan.FromSeconds(6));
                    await new TaskCompletionSource().Task.WaitAsync(job.Cancellation);
                    break;
            }
        });
        _ = outcome switch
        {
            "skipped" => work.OnlyIf(_ => false),
            "tolerated" => work.WithTolerance(),
            "timeout" => work.WithTimeout(TimeSpan.FromSeconds(5)),
            _ => work,
        };
        Assert.Equal(expected, await _world.RunAsync(_builder.Build()));
        Assert.Equal(error, _world.Error);
    }

    [Fact]
    public async Task Timeout_OfTheRun_IsAFailure()
    {
        _builder.AddJob("work", async job =>
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(3));
            await new TaskCompletionSource().Task.WaitAsync(job.Cancellation);
        });
        Assert.Equal(1, await _world.RunAsync(_builder.Build(), "--timeout", "2m"));
    }

    [Fact]
    public async Task Cancellation_StopsJobsRunsWhatAlwaysRunsAndIs130()
    {
        using CancellationTokenSource stop = new();
        _builder.AddJob("work", async job =>
        {
            await stop.CancelAsync();
            await new TaskCompletionSource().Task.WaitAsync(job.Cancellation);
        });
        _builder.AddFinally("report", _world.Takes(1, job => job.Log("cleared up")));
        Assert.Equal(130, await _builder.Build().RunAsync(["--plain"], _world.Terminal, _world.Options, stop.Token));
        Assert.Contains("report      cleared up\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("\nship: cancelled after 1.0 s", _world.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "nothing")]
    [InlineData("explain", "nothing", "work")]
    [InlineData("--resume", "nothing")]
    [InlineData("--resume", "nothing", "--from", "work")]
    [InlineData("approve", "nothing", "gate", "--by", "mira")]
    public async Task Run_ThatIsNotThere_IsWrongUsageInWords(params string[] args)
    {
        _builder.AddJob("work", _world.Takes(1));
        Assert.Equal(2, await _world.RunAsync(_builder.Build(), args));
        Assert.Matches(@"\Aerror: [^\n]*nothing[^\n]*\nusage: [^\n]*\n\z", _world.Error);
        Assert.Empty(_world.Output);
    }

    [Theory]
    [InlineData("error: Every run of 'ship' has ended, so there is none to resume. 'runs' lists them.\n", "--resume")]
    [InlineData("error: No run of 'ship' has ended, so there is none to restart. 'runs' lists them.\n", "--from", "failed")]
    public async Task Resume_OfNoRun_IsWrongUsage(string expected, params string[] args)
    {
        _builder.AddJob("work", _world.Takes(1));
        Assert.Equal(2, await _world.RunAsync(_builder.Build(), args));
        Assert.StartsWith(expected, _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starting_ThatFails_StartsNothing()
    {
        bool hasRun = false;
        _builder.AddJob("work", _world.Takes(1, _ => hasRun = true));
        _world.Options = _world.Options with { Starting = _ => throw new InvalidOperationException("no place\n::error::x") };
        _world.SetVariables(("GITHUB_ACTIONS", "true"));
        Assert.Equal(1, await _world.RunAsync(_builder.Build()));
        Assert.Equal("error: InvalidOperationException: no place\n| ::error::x\n", _world.Error);
        Assert.False(hasRun);
    }

    [Fact]
    public async Task Finished_IsCalledAfterTheSummary_AndItsErrorIsAFailure()
    {
        _builder.AddJob("work", _world.Takes(1));
        _world.Options = _world.Options with
        {
            Finished = result =>
            {
                Assert.EndsWith($"(run {result.RunId})\n", _world.Output, StringComparison.Ordinal);
                throw new IOException("no disk");
            },
        };
        Assert.Equal(1, await _world.RunAsync(_builder.Build()));
        Assert.Equal("error: no disk\n", _world.Error);
    }

    [Fact]
    public async Task ListTreePlanAndMermaid_RunNothing()
    {
        bool hasRun = false;
        Parameter<string> branch = _builder.AddParameter("branch", "main", "what to build");
        Stage ship = _builder.AddStage("out");
        Job build = _builder.AddJob("build", _world.Takes(1, _ => hasRun = true)).WithDescription("Compiles\nall");
        _builder.AddJob("push", _world.Takes(1, job => hasRun = job.Get(branch).Length > 0)).Needs(build).InStage(ship);
        Pipeline pipeline = _builder.Build();
        Assert.Equal(0, await _world.RunAsync(pipeline, "--list"));
        Assert.Equal("build         Compiles\npush   [out]  (needs build)\n", Taken());
        Assert.Equal(0, await _world.RunAsync(pipeline, "--list", "build"));
        Assert.Equal("build  Compiles\n", Taken());
        Assert.Equal(0, await _world.RunAsync(pipeline, "--plan", "push", "--without-needs"));
        Assert.StartsWith("push [out]  ", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await _world.RunAsync(pipeline, "--dry-run", "--branch", "dev"));
        Assert.EndsWith("    needs build\n\nbranch = dev\n2 jobs would run; nothing was run.\n", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await _world.RunAsync(pipeline, "--tree"));
        Assert.Contains("push", Taken(), StringComparison.Ordinal);
        Assert.Equal(0, await _world.RunAsync(pipeline, "--mermaid"));
        Assert.StartsWith("flowchart", Taken(), StringComparison.Ordinal);
        Assert.False(hasRun);
        Assert.Equal(0, await _world.RunAsync(pipeline, "runs"));
        Assert.Equal("no runs\n", _world.All);
    }

    [Fact]
    public async Task Signals_FirstStops_SecondGivesUp_ThirdIsNothing()
    {
        List<string> told = [];
        using SignalStop stop = new(ProgramSignals.Leave, told.Add, TestContext.Current.CancellationToken);
        Assert.False(stop.Token.IsCancellationRequested);
        stop.Receive();
        Assert.True(stop.Token.IsCancellationRequested);
        Assert.False(stop.GaveUp.IsCompleted);
        Assert.Equal(["stopping: jobs are told to stop, then what always runs is run; a second signal gives up waiting"], told);
        stop.Receive();
        stop.Receive();
        Assert.True(stop.GaveUp.IsCompletedSuccessfully);
        Assert.Single(told);
    }

    [Fact]
    public void Signal_ThatComesAsTheRunEnds_IsNoError()
    {
        SignalStop stop = new(ProgramSignals.Leave, _ => { }, TestContext.Current.CancellationToken);
        stop.Dispose();
        stop.Receive();
        stop.Receive();
        Assert.True(stop.GaveUp.IsCompletedSuccessfully);
    }

    private string Taken()
    {
        Assert.Empty(_world.Error);
        string output = _world.Output;
        _world.Clear();
        return output;
    }
}
