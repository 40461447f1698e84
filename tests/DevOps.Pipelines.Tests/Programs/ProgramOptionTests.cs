namespace DevOps.Pipelines.Tests;

/// <summary>What a command line may not say, and the words it is refused with.</summary>
public sealed class ProgramOptionTests
{
    private const string Usage = "usage: ship [options] [job ...]   (--help tells more)\n";

    private readonly ProgramWorld _world = new();
    private readonly List<string> _ran = [];

    [Theory]
    [InlineData("'--parallel' can be given once.", "--parallel", "2", "--parallel", "2")]
    [InlineData("'--parallel' can be given once.", "--parallel=2", "--parallel", "2")]
    [InlineData("'--timeout' can be given once.", "--timeout", "1m", "--timeout", "2m")]
    [InlineData("'--resume' can be given once.", "--resume", "a", "--resume", "b")]
    [InlineData("'--from' can be given once.", "--from", "build", "--from", "test")]
    [InlineData("'--in-doubt' can be given once.", "--in-doubt", "rerun", "--in-doubt", "fail")]
    [InlineData("'--max' can be given once.", "runs", "--max", "1", "--max", "2")]
    [InlineData("'--by' can be given once.", "approve", "r", "gate", "--by", "mira", "--by", "noor")]
    [InlineData("'--comment' can be given once.", "approve", "r", "gate", "--comment", "a", "--comment", "b")]
    [InlineData("'--params' can be given once.", "--params", "a.json", "--params", "b.json")]
    [InlineData("'--profile' can be given once.", "--profile", "a", "--profile", "b")]
    [InlineData("'--branch' can be given once.", "--branch", "a", "--branch", "b")]
    [InlineData("'--param branch' can be given once.", "--param", "branch=a", "--param", "branch=b")]
    [InlineData("'--param BRANCH' can be given once.", "--branch", "a", "--param", "BRANCH=b")]
    [InlineData("'--input note' can be given once.", "approve", "r", "gate", "--input", "note=a", "--input", "note=b")]
    public Task Option_GivenTwice_IsRefused(string expected, params string[] args) => AssertUsageAsync(expected, args);

    [Theory]
    [InlineData("--only")]
    [InlineData("--skip")]
    [InlineData("--from")]
    [InlineData("--in-doubt")]
    [InlineData("--parallel")]
    [InlineData("--timeout")]
    [InlineData("--max")]
    [InlineData("--by")]
    [InlineData("--comment")]
    [InlineData("--input")]
    [InlineData("--param")]
    [InlineData("--params")]
    [InlineData("--profile")]
    [InlineData("--branch")]
    [InlineData("--token")]
    public async Task Option_WithoutItsValue_IsRefused(string option)
    {
        await AssertUsageAsync($"'{option}' needs a value.", option);
        _world.Clear();
        await AssertUsageAsync($"'{option}' needs a value.", option, "--quiet");
        _world.Clear();
        await AssertUsageAsync($"'{option}' needs a value.", option, "");
    }

    [Theory]
    [InlineData("--list")]
    [InlineData("--plan")]
    [InlineData("--tree")]
    [InlineData("--mermaid")]
    [InlineData("--dry-run")]
    [InlineData("--without-needs")]
    [InlineData("--fail-fast")]
    [InlineData("--quiet")]
    [InlineData("--plain")]
    [InlineData("--verbose")]
    [InlineData("--json")]
    [InlineData("--no-store")]
    [InlineData("--leave-at-approval")]
    [InlineData("--help")]
    public Task Flag_WithAValue_IsRefused(string flag) => AssertUsageAsync($"'{flag}' takes no value.", $"{flag}=true");

    [Theory]
    [InlineData("'--paralel' is not an option (did you mean '--parallel'?).", "--paralel", "2")]
    [InlineData("'--QUIET' is not an option (did you mean '--quiet'?).", "--QUIET")]
    [InlineData("'--dryrun' is not an option (did you mean '--dry-run'?).", "--dryrun")]
    [InlineData("'--barnch' is not an option (did you mean '--branch'?).", "--barnch=main")]
    [InlineData("'--tokne' is not an option (did you mean '--token'?).", "--tokne=hunter22")]
    [InlineData("'--xyzzyplugh' is not an option.", "--xyzzyplugh")]
    [InlineData("'--version' is not an option.", "--version")]
    [InlineData("'-x' is not an option.", "-x")]
    [InlineData("'---list' is not an option (did you mean '--list'?).", "---list")]
    [InlineData("'--' is not an option.", "--=value")]
    public Task Option_Unknown_IsRefusedWithASuggestion(string expected, params string[] args) => AssertUsageAsync(expected, args);

    [Theory]
    [InlineData("'--parallel' is a number above 0, not '0'.", "--parallel", "0")]
    [InlineData("'--parallel' is a number above 0, not '-1'.", "--parallel", "-1")]
    [InlineData("'--parallel' is a number above 0, not 'two'.", "--parallel", "two")]
    [InlineData("'--parallel' is a number above 0, not ''.", "--parallel=")]
    [InlineData("'--parallel' is a number above 0, not '2147483648'.", "--parallel", "2147483648")]
    [InlineData("'--max' is a number above 0, not '1.5'.", "runs", "--max", "1.5")]
    [InlineData("'--timeout' is a time as 90s, 30m or 2h, of at most 49 days, not '30'.", "--timeout", "30")]
    [InlineData("'--timeout' is a time as 90s, 30m or 2h, of at most 49 days, not '0s'.", "--timeout", "0s")]
    [InlineData("'--timeout' is a time as 90s, 30m or 2h, of at most 49 days, not '-1s'.", "--timeout", "-1s")]
    [InlineData("'--timeout' is a time as 90s, 30m or 2h, of at most 49 days, not '50d'.", "--timeout", "50d")]
    [InlineData("'--timeout' is a time as 90s, 30m or 2h, of at most 49 days, not 'NaNs'.", "--timeout", "NaNs")]
    [InlineData("'--timeout' is a time as 90s, 30m or 2h, of at most 49 days, not 's'.", "--timeout", "s")]
    [InlineData("'--in-doubt' is 'rerun' or 'fail', not 'Rerun'.", "--in-doubt", "Rerun")]
    [InlineData("'--param' needs NAME=VALUE.", "--param", "branch")]
    [InlineData("'--param' needs NAME=VALUE.", "--param", "=hunter22")]
    [InlineData("'--input' needs NAME=VALUE.", "approve", "r", "gate", "--input", "note")]
    public Task Option_WithAWrongValue_IsRefused(string expected, params string[] args) => AssertUsageAsync(expected, args);

    [Theory]
    [InlineData("Of '--list', '--plan', '--tree', '--mermaid' and '--dry-run', one can be given.", "--list", "--plan")]
    [InlineData("Of '--list', '--plan', '--tree', '--mermaid' and '--dry-run', one can be given.", "--dry-run", "--tree")]
    [InlineData("Of '--quiet', '--plain', '--verbose' and '--json', one can be given.", "--quiet", "--json")]
    [InlineData("Of '--quiet', '--plain', '--verbose' and '--json', one can be given.", "--plain", "--verbose")]
    [InlineData("'--tree' does not go with '--json': '--list --json' has what each job needs.", "--tree", "--json")]
    [InlineData("'--mermaid' does not go with '--json': '--list --json' has what each job needs.", "--json", "--mermaid")]
    [InlineData("'--max' goes with 'runs', 'approve' or 'reject'.", "--max", "3")]
    [InlineData("'--by' goes with 'runs', 'approve' or 'reject'.", "--by", "mira")]
    [InlineData("'--comment' goes with 'runs', 'approve' or 'reject'.", "build", "--comment", "fine")]
    [InlineData("'--input' goes with 'runs', 'approve' or 'reject'.", "--input", "a=b")]
    [InlineData("'--resume' does not go with a command that runs nothing.", "--list", "--resume")]
    [InlineData("'--from' does not go with a command that runs nothing.", "--plan", "--from", "build")]
    [InlineData("'--in-doubt' does not go with a command that runs nothing.", "--dry-run", "--in-doubt", "fail")]
    [InlineData("'--quiet' does not go with 'runs'.", "runs", "--quiet")]
    [InlineData("'--max' does not go with 'show'.", "show", "r", "--max", "1")]
    [InlineData("'--only' does not go with 'explain'.", "explain", "r", "build", "--only", "build")]
    [InlineData("'--json' does not go with 'approve'.", "approve", "r", "gate", "--json")]
    [InlineData("'--param' does not go with 'runs'.", "runs", "--param", "branch=dev")]
    [InlineData("'--no-store' does not go with '--resume', '--from' or '--leave-at-approval': they need the store.", "--no-store", "--resume")]
    [InlineData("'--no-store' does not go with '--resume', '--from' or '--leave-at-approval': they need the store.", "--no-store", "--from", "build")]
    [InlineData("'--no-store' does not go with '--resume', '--from' or '--leave-at-approval': they need the store.", "--no-store", "--leave-at-approval")]
    [InlineData("A resumed run takes in the jobs it began with: leave out what selects jobs, or give '--from' to restart.", "--resume", "r", "build")]
    [InlineData("A resumed run takes in the jobs it began with: leave out what selects jobs, or give '--from' to restart.", "--resume", "--skip", "build")]
    [InlineData("A resumed run takes in the jobs it began with: leave out what selects jobs, or give '--from' to restart.", "--without-needs", "--resume")]
    [InlineData("A resumed run has the parameters it began with: leave out 'branch', or start a new run. Only secrets are given again.", "--resume", "r", "--branch", "dev")]
    public Task Options_ThatDoNotGoTogether_AreRefused(string expected, params string[] args) => AssertUsageAsync(expected, args);

    [Theory]
    [InlineData("The command is 'runs'; it was given 1 words. A job of that name runs with '--only runs'.", "runs", "r")]
    [InlineData("The command is 'show RUN'; it was given 0 words. A job of that name runs with '--only show'.", "show")]
    [InlineData("The command is 'explain RUN JOB'; it was given 1 words. A job of that name runs with '--only explain'.", "explain", "r")]
    [InlineData("The command is 'approve RUN JOB'; it was given 3 words. A job of that name runs with '--only approve'.", "approve", "r", "gate", "now")]
    [InlineData("The command is 'reject RUN JOB'; it was given 0 words. A job of that name runs with '--only reject'.", "reject")]
    [InlineData("'../etc' is no name of a run: 'runs' lists them.", "show", "../etc")]
    [InlineData("'.hidden' is no name of a run: 'runs' lists them.", "--resume", ".hidden")]
    [InlineData("'' is no name of a run: 'runs' lists them.", "--resume=")]
    [InlineData("The pipeline 'ship' has no job and no stage 'biuld' (did you mean 'build'?). It has: build, test.", "biuld")]
    [InlineData("The pipeline 'ship' has no job and no stage 'tset' (did you mean 'test'?). It has: build, test.", "--list", "--only", "tset")]
    [InlineData("The pipeline 'ship' has no job and no stage '-'. It has: build, test.", "-")]
    public Task Words_ThatNameNothing_AreRefused(string expected, params string[] args) => AssertUsageAsync(expected, args);

    [Theory]
    [InlineData("runs", "--branch", "dev")]
    [InlineData("show", "r", "--branch", "dev")]
    [InlineData("explain", "r", "build", "--branch", "dev")]
    [InlineData("approve", "r", "gate", "--branch", "dev")]
    public Task ParameterByItsName_WithACommandThatTakesNone_IsRefused(params string[] args) => AssertUsageAsync($"'--branch' does not go with '{args[0]}'.", args);

    [Fact]
    public async Task Version_OfAProgramThatHasOne_IsTold()
    {
        _world.Options = _world.Options with { Version = "1.4.2" };
        Assert.Equal(0, await _world.RunAsync(Build(), "--version"));
        Assert.Equal("1.4.2\n", _world.All);
        _world.Clear();
        await AssertUsageAsync("'--quiet' does not go with '--version'.", "--version", "--quiet");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("runs", "--help", "--max", "2")]
    [InlineData("--list", "--help")]
    [InlineData("--help", "--list", "--plan")]
    public async Task Help_WhateverStandsBeside_IsToldAndNothingRuns(params string[] args)
    {
        Assert.Equal(0, await _world.RunAsync(Build(), args));
        Assert.StartsWith("usage: ship [options] [job ...]\n       ship runs [--max N]", _world.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            """

            Parameters, each with its environment variable:
              --branch              what to build (text; BRANCH; default main)
              --token               opens the registry (secret; TOKEN)

            """,
            _world.Output,
            StringComparison.Ordinal);
        Assert.Empty(_world.Error);
        Assert.Empty(_ran);
    }

    [Theory]
    [InlineData("build,test main")]
    [InlineData("build", "build")]
    [InlineData("build", "BUILD")]
    [InlineData("build,test main", "test")]
    [InlineData("test main", "test", "--without-needs")]
    [InlineData("build,test main", "--only", "test")]
    [InlineData("build,test main", "--only", "build", "--only=test")]
    [InlineData("build,test main", "t*")]
    [InlineData("build", "--skip", "test")]
    [InlineData("build,test dev", "--branch", "dev")]
    [InlineData("build,test dev", "--branch=dev")]
    [InlineData("build,test a=b", "--param", "branch=a=b")]
    [InlineData("build,test --dev", "--branch=--dev")]
    [InlineData("build,test -dev", "--branch", "-dev")]
    [InlineData("build,test main", "--parallel", "1", "--timeout", "1.5h", "--fail-fast", "--no-store", "--quiet", "--quiet")]
    [InlineData("build", "--", "build")]
    public async Task Words_ThatNameJobs_RunThem(string expected, params string[] args)
    {
        Assert.Equal(0, await _world.RunAsync(Build(), args));
        Assert.Empty(_world.Error);
        Assert.Equal(expected, string.Join(',', _ran));
    }

    [Fact]
    public async Task Job_NamedAsACommandOrAnOption_CanBeRun()
    {
        PipelineBuilder builder = new("odd");
        builder.AddJob("runs", job => Ran(job, ""));
        builder.AddJob("--list", job => Ran(job, ""));
        Pipeline pipeline = builder.Build();
        Assert.Equal(0, await _world.RunAsync(pipeline, "--no-store", "--only", "runs", "--", "--list"));
        Assert.Equal(["--list", "runs"], _ran.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("1500ms", 1_500)]
    [InlineData("1ms", 1)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData(".5m", 30_000)]
    public void TryParse_Time_HasItsLength(string text, long milliseconds)
    {
        Assert.True(TimeText.TryParse(text, out TimeSpan time));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("0.5ms")]
    [InlineData("1,5s")]
    [InlineData("+1s")]
    [InlineData("1e3s")]
    [InlineData(" 1s")]
    [InlineData("1 s")]
    [InlineData("5w")]
    [InlineData("99999999999999999999d")]
    public void TryParse_NoTime_IsRefused(string text) => Assert.False(TimeText.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(999, "0.9 s")]
    [InlineData(59_999, "59.9 s")]
    [InlineData(60_000, "1 min 00 s")]
    [InlineData(3_599_999, "59 min 59 s")]
    [InlineData(3_600_000, "1 h 00 min")]
    [InlineData(360_000_000, "100 h 00 min")]
    public void Write_Time_IsCutNotRounded(long milliseconds, string expected) => Assert.Equal(expected, TimeText.Write(TimeSpan.FromMilliseconds(milliseconds)));

    private async Task AssertUsageAsync(string expected, params string[] args)
    {
        Assert.Equal(2, await _world.RunAsync(Build(), args));
        Assert.Equal($"error: {expected}\n{Usage}", _world.Error);
        Assert.Empty(_world.Output);
        Assert.Empty(_ran);
    }

    private Pipeline Build()
    {
        PipelineBuilder builder = new("ship");
        Parameter<string> branch = builder.AddParameter("branch", "main", "what to build");
        builder.AddOptionalSecret("token", "opens the registry");
        Job build = builder.AddJob("build", job => Ran(job, ""));
        builder.AddJob("test", job => Ran(job, " " + job.Get(branch))).Needs(build);
        return builder.Build();
    }

    private Task Ran(JobContext job, string more)
    {
        lock (_ran)
        {
            _ran.Add(job.Name + more);
        }

        return Task.CompletedTask;
    }
}
