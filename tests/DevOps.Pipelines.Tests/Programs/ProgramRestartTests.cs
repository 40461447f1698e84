namespace DevOps.Pipelines.Tests;

/// <summary>Runs that are gone on with or begun again, and which run is meant.</summary>
public sealed class ProgramRestartTests
{
    private readonly ProgramWorld _world = new();
    private readonly List<string> _ran = [];

    [Fact]
    public async Task From_AJobThatWasNotPartOfTheRun_IsRefused()
    {
        Pipeline pipeline = Build();
        Assert.Equal(0, await RunAsync(pipeline, "first", "build"));
        Assert.Equal(2, await RunAsync(pipeline, "second", "--from", "deploy"));
        Assert.Contains("'deploy' was not part of the run 'first', which took in: build. Restart from one of these", _world.Error, StringComparison.Ordinal);
        Assert.EndsWith("begin a new one: ship deploy", _world.Error.Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(["build main"], _ran);
    }

    [Fact]
    public async Task FromFailed_WhenNothingFailed_IsRefused()
    {
        Pipeline pipeline = Build();
        Assert.Equal(0, await RunAsync(pipeline, "first"));
        _ran.Clear();
        Assert.Equal(2, await RunAsync(pipeline, "second", "--from", "failed"));
        Assert.StartsWith("error: No job of the run 'first' failed or was stopped, so '--from failed' has nothing to do.", _world.Error, StringComparison.Ordinal);
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task FromFailed_BehindAFailure_RunsItAndWhatFollows()
    {
        bool isBroken = true;
        Pipeline pipeline = Build(() => isBroken);
        Assert.Equal(1, await RunAsync(pipeline, "first"));
        isBroken = false;
        _ran.Clear();
        Assert.Equal(0, await RunAsync(pipeline, "second", "--from", "failed"));
        Assert.Equal(["test main", "deploy main"], _ran);
    }

    [Fact]
    public async Task From_WithParametersOfTheProgram_KeepsTheRecordedOnes()
    {
        Pipeline pipeline = Build();
        Assert.Equal(0, await RunAsync(pipeline, "first", "--param", "BRANCH=dev"));
        _ran.Clear();
        _world.Options = _world.Options with { Run = _world.Options.Run with { Parameters = _world.Options.Run.Parameters.SetItem("branch", "base") } };
        Assert.Equal(0, await RunAsync(pipeline, "second", "--from", "deploy"));
        Assert.Equal(["deploy dev"], _ran);
        _ran.Clear();
        Assert.Equal(0, await RunAsync(pipeline, "third", "--from", "deploy", "--param", "BRANCH=dev"));
        Assert.Equal(["deploy dev"], _ran);
        Assert.Equal(2, await RunAsync(pipeline, "fourth", "--from", "deploy", "--param", "BRANCH=hot"));
        Assert.Contains("'branch' cannot change on a restart", _world.Error.Replace("BRANCH", "branch", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_WithoutNeeds_RestartsWhatTheRunTookIn()
    {
        Pipeline pipeline = Build();
        Assert.Equal(0, await RunAsync(pipeline, "first", "test", "--without-needs"));
        _ran.Clear();
        int exit = await RunAsync(pipeline, "second", "--from", "test");
        Assert.True(exit == 0, _world.All);
        Assert.Equal(["test main"], _ran);
    }

    [Fact]
    public async Task Resume_OfARunThatEnded_TellsHowToRestartIt()
    {
        Pipeline pipeline = Build();
        Assert.Equal(0, await RunAsync(pipeline, "first"));
        Assert.Equal(1, await RunAsync(pipeline, "second", "--resume", "first"));
        Assert.Equal("error: The run 'first' has ended and succeeded, so there is nothing to resume. '--from failed' or '--from JOB' with '--resume first' begins a new run with its results.\n", _world.Error);
    }

    [Theory]
    [InlineData("--resume", "--params", "a.json")]
    [InlineData("--from", "build", "--params", "a.json")]
    public async Task GoingOn_WithAFileOfParameters_IsRefused(params string[] args)
    {
        Assert.Equal(2, await RunAsync(Build(), "first", args));
        Assert.Contains("'--params' does not go with '--resume' or '--from'", _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "20261123-first")]
    [InlineData("show", "20261123-f")]
    [InlineData("show", "20261123-F")]
    [InlineData("explain", "20261123-f", "build")]
    [InlineData("--from", "build", "--resume", "20261123-f")]
    public async Task Run_ByWhatItsNameBeginsWith_IsFound(params string[] args)
    {
        Pipeline pipeline = Build();
        await RunAsync(pipeline, "20261123-first");
        await RunAsync(pipeline, "20261123-second");
        Assert.Equal(0, await RunAsync(pipeline, "third", args));
    }

    [Fact]
    public async Task Run_Last_IsTheNewest()
    {
        Pipeline pipeline = Build();
        _world.Options = _world.Options with { Run = _world.Options.Run with { Store = new MemoryRunStore(_world.Clock) } };
        await RunAsync(pipeline, "a");
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(pipeline, "b");
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last"));
        Assert.StartsWith("b  ", _world.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatNothingOrSeveralAreNamed_IsRefusedWithTheCommandThatLists()
    {
        Pipeline pipeline = Build();
        Assert.Equal(2, await _world.RunAsync(pipeline, "show", "last"));
        Assert.Contains("There is no run of 'ship' yet.", _world.Error, StringComparison.Ordinal);
        await RunAsync(pipeline, "20261123-first");
        await RunAsync(pipeline, "20261123-second");
        foreach (string[] args in (string[][])[["show", "2027"], ["explain", "2027", "build"], ["approve", "2027", "gate"], ["--resume", "2027"], ["--from", "build", "--resume", "2027"]])
        {
            _world.Clear();
            Assert.Equal(2, await RunAsync(pipeline, "third", args));
            Assert.StartsWith("error: There is no run '2027': 'ship runs' lists them.\n", _world.Error, StringComparison.Ordinal);
        }

        _world.Clear();
        Assert.Equal(2, await _world.RunAsync(pipeline, "show", "2026"));
        Assert.Contains("'2026' begins the names of 2 runs: 20261123-", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skip_OfAResultThatAJobWorksWith_IsRefusedBeforeAnythingRuns()
    {
        PipelineBuilder builder = new("ship");
        Job<string> build = builder.AddJob("build", job => Task.FromResult("app"));
        builder.AddJob("pack", build, (job, app) => Ran(job, app));
        Pipeline pipeline = builder.Build();
        foreach (string[] args in (string[][])[["--skip", "build"], ["pack", "--without-needs"], ["--plan", "--skip", "build"]])
        {
            _world.Clear();
            Assert.Equal(2, await RunAsync(pipeline, "first", args));
            Assert.StartsWith("error: 'pack' works with the result of 'build', which is left out of this run. Let it run too", _world.Error, StringComparison.Ordinal);
        }

        Assert.Empty(_ran);
    }

    [Fact]
    public async Task Cancelled_Once_TellsHowToGoOn()
    {
        using CancellationTokenSource stop = new();
        PipelineBuilder builder = new("ship");
        builder.AddJob("build", async job =>
        {
            await stop.CancelAsync();
            job.Cancellation.ThrowIfCancellationRequested();
        });
        Assert.Equal(130, await builder.Build().RunAsync([], _world.Terminal, _world.Options, stop.Token));
        Assert.EndsWith($"go on with: ship --resume {ProgramWorld.RunId}\n", _world.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_WithAJobInDoubt_SpeaksOfTheOption()
    {
        using CancellationTokenSource stop = new();
        bool isFirst = true;
        PipelineBuilder builder = new("ship");
        builder.AddJob("publish", async job =>
        {
            if (isFirst)
            {
                isFirst = false;
                await stop.CancelAsync();
                job.Cancellation.ThrowIfCancellationRequested();
            }
        }).WithInDoubt(InDoubtPolicy.Ask);
        Pipeline pipeline = builder.Build();
        await pipeline.RunAsync([], _world.Terminal, _world.Options, stop.Token);
        _world.Clear();
        Assert.Equal(1, await _world.RunAsync(pipeline, "--resume"));
        Assert.Equal(
            "error: The run is not resumed. These started, and nobody knows how they ended: 'publish' (attempt 1, 2026-11-23 09:00:00 UTC). " +
            "Look, then say whether to run them again or to count them as failed: '--in-doubt rerun' or '--in-doubt fail'.\n",
            _world.Error);
        Assert.Equal(0, await _world.RunAsync(pipeline, "--resume", "--in-doubt", "rerun"));
    }

    private Task<int> RunAsync(Pipeline pipeline, string runId, params string[] args)
    {
        _world.Options = _world.Options with { Run = _world.Options.Run with { RunId = runId } };
        return _world.RunAsync(pipeline, args);
    }

    private Pipeline Build(Func<bool>? isBroken = null)
    {
        PipelineBuilder builder = new("ship");
        Parameter<string> branch = builder.AddParameter("branch", "main", "what to build");
        Job build = builder.AddJob("build", job => Ran(job, job.Get(branch)));
        Job test = builder.AddJob("test", job => isBroken?.Invoke() == true ? throw new InvalidOperationException("broken") : Ran(job, job.Get(branch))).Needs(build);
        builder.AddJob("deploy", job => Ran(job, job.Get(branch))).Needs(test);
        return builder.Build();
    }

    private Task Ran(JobContext job, string more)
    {
        lock (_ran)
        {
            _ran.Add($"{job.Name} {more}");
        }

        return Task.CompletedTask;
    }
}
