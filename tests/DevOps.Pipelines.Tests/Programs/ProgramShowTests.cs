using System.Text.RegularExpressions;

namespace DevOps.Pipelines.Tests;

/// <summary>What a program shows of its pipeline and tells of its parameters, and where it keeps files.</summary>
public sealed class ProgramShowTests : IDisposable
{
    private readonly ProgramWorld _world = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("devops-program-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(
        "--list",
        """
        build     [check]    compiles (at most 1 min 30 s; 2 retries)
        soak      [check]    (after build; failure tolerated)
        push      [publish]  (needs build)
        gate      [publish]  (approval from ops, by 2 persons, within 8 h 00 min)
        sweep                (after push; runs always)
        clean up             (runs always, at the end)

        """)]
    [InlineData(
        "--plan",
        """
        build [check]   all jobs run
        soak [check]    all jobs run
            after build
        push [publish]  all jobs run
            needs build
        gate [publish]  all jobs run
        sweep           all jobs run
            runs always
            after push
        clean up        all jobs run
            runs always, at the end

        """)]
    [InlineData(
        "--tree",
        """
        nightly
        ├─ soak [check]
        │  └─ (build) [check]
        ├─ gate [publish]
        ├─ sweep - runs always
        │  └─ (push) [publish]
        │     └─ build [check]
        └─ clean up - runs always, at the end

        """)]
    public async Task Pipeline_Shown_TellsStagesAndWhenJobsRun(string option, string expected)
    {
        Assert.Equal(0, await _world.RunAsync(Nightly(), option));
        Assert.Equal(expected, _world.Output);
    }

    [Fact]
    public async Task Pipeline_AsMermaid_TellsWhatRunsAlways()
    {
        Assert.Equal(0, await _world.RunAsync(Nightly(), "--mermaid"));
        Assert.Contains("[\"sweep<br/>runs always\"]", _world.Output, StringComparison.Ordinal);
        Assert.Contains("[\"clean up<br/>runs always, at the end\"]", _world.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_ThatIsMissing_IsToldWithWhereItCanBeGiven()
    {
        _world.Options = _world.Options with { EnvironmentPrefix = "SHIP_" };
        Assert.Equal(2, await _world.RunAsync(WithSecret()));
        Assert.Contains("give the secret 'push-token' with the variable SHIP_PUSH_TOKEN, or from a file with --push-token \"$(cat FILE)\"", _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--quiet")]
    public async Task Secret_ThatIsTooShort_IsRefusedBeforeAnythingRuns(string option)
    {
        Assert.Equal(2, await _world.RunAsync(WithSecret(), option, "--push-token", "abc"));
        Assert.StartsWith("error: The secret 'push-token' has 3 bytes", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_OfMemorySecrets_IsFoundHoweverItsNameIsWritten()
    {
        _world.Options = _world.Options with { Run = _world.Options.Run with { Secrets = new MemorySecrets().With("PUSH_TOKEN", "hunter22") } };
        Assert.Equal(0, await _world.RunAsync(WithSecret()));
        Assert.Null(await new MemorySecrets().FindAsync("push-token", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ParameterFile_ThatIsNotThere_IsWrongUsageWithOneFullStop()
    {
        Assert.Equal(2, await _world.RunAsync(WithSecret(), "--push-token", "hunter22", "--params", Path.Combine(_directory, "none.json")));
        Assert.DoesNotContain("..", _world.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Artifacts_WithoutAStoreOfTheirOwn_AreKeptBesideTheRuns()
    {
        Directory.CreateDirectory(Path.Combine(_directory, ".git"));
        PipelineBuilder builder = new("ship");
        Job<Artifact> build = builder.AddJob("build", async job =>
        {
            await File.WriteAllTextAsync(Path.Combine(job.Directory, "app.txt"), "app", job.Cancellation);
            return await job.SaveArtifactAsync("app", "app.txt");
        });
        builder.AddJob("use", build, (job, app) => job.RestoreArtifactAsync(app, "restored"));
        _world.Options = _world.Options with { Run = _world.Options.Run with { Store = null, Directory = _directory } };
        _world.Terminal = _world.Terminal with { WorkingDirectory = _directory };
        int exit = await _world.RunAsync(builder.Build());
        Assert.True(exit == 0, _world.All);
        Assert.Contains("artifact 'app': 1 file, ", _world.Output, StringComparison.Ordinal);
        Assert.Equal([".gitignore", "artifacts", "runs"], Directory.EnumerateFileSystemEntries(Path.Combine(_directory, ".devops")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("app", await File.ReadAllTextAsync(Path.Combine(_directory, "restored", "app.txt"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("GITHUB_ACTIONS", "true", "::warning title=soak is unstable::slow")]
    [InlineData("TEAMCITY_VERSION", "2025.1", "##teamcity[message text='soak is unstable: slow' status='WARNING']")]
    public async Task UnstableJob_InTheLogOfACiSystem_IsAWarning(string variable, string value, string expected)
    {
        PipelineBuilder builder = new("ship");
        builder.AddJob("soak", job => throw new InvalidOperationException("slow")).WithTolerance();
        _world.SetVariables((variable, value));
        Assert.Equal(0, await _world.RunAsync(builder.Build()));
        Assert.Contains(expected, _world.Output.Split('\n'));
    }

    [Fact]
    public async Task Job_WithoutAFreeSlot_SaysHowManyThereAre()
    {
        TaskCompletionSource queued = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PipelineBuilder builder = new("ship");
        builder.AddJob("a", job => queued.Task);
        builder.AddJob("b", job => Task.CompletedTask);
        _world.Options = _world.Options with { Run = _world.Options.Run with { Progress = new QueueWatch(queued) } };
        Assert.Equal(0, await _world.RunAsync(builder.Build(), "--parallel", "1"));
        Assert.Matches(new Regex("^b +waits for a free slot \\(at most 1 job at once\\)$", RegexOptions.Multiline), _world.Output);
    }

    [Fact]
    public async Task Help_OfTheViews_TellsWhatHappensWithOutput()
    {
        Assert.Equal(0, await _world.RunAsync(Nightly(), "--help"));
        foreach (string option in (string[])["--plain", "--verbose", "--quiet", "--json"])
        {
            Assert.Single(_world.Output.Split('\n'), line => line.StartsWith($"  {option} ", StringComparison.Ordinal));
        }
    }

    private static Pipeline WithSecret()
    {
        PipelineBuilder builder = new("ship");
        builder.AddSecret("push-token", "opens the registry");
        builder.AddJob("push", job => Task.CompletedTask);
        return builder.Build();
    }

    private static Pipeline Nightly()
    {
        PipelineBuilder builder = new("nightly");
        Stage check = builder.AddStage("check");
        Stage publish = builder.AddStage("publish");
        Job build = builder.AddJob("build", Nothing).InStage(check).WithDescription("compiles").WithTimeout(TimeSpan.FromSeconds(90)).WithRetry(2);
        builder.AddJob("soak", Nothing).InStage(check).After(build).WithTolerance();
        Job push = builder.AddJob("push", Nothing).InStage(publish).Needs(build);
        builder.AddApproval("gate", new() { From = ["ops"], Quorum = 2, Within = TimeSpan.FromHours(8) }).InStage(publish);
        builder.AddJob("sweep", Nothing).After(push).RunsAlways();
        builder.AddFinally("clean up", Nothing);
        return builder.Build();
    }

    private static Task Nothing(JobContext job) => Task.CompletedTask;

    private sealed class QueueWatch(TaskCompletionSource queued) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value)
        {
            if (value is JobQueued)
            {
                queued.SetResult();
            }
        }
    }
}
