using System.Text.Json;

namespace DevOps.Pipelines.Tests;

/// <summary>What each view writes of one run with every outcome, on a clock that only the jobs move.</summary>
public sealed class ProgramViewTests
{
    private const string Begin =
        """
        ship: run run-1 of 7 jobs
        build       started
        build       3 files
        build       done in 2.5 s
        flaky       started
        still running: flaky (1 min 00 s)
        flaky       attempt 1 failed and is tried again: the network is away
        flaky       started, attempt 2
        still running: flaky (1 min 00 s)
        flaky       done in 2 min 00 s
        test        started
        test        unstable in 1.0 s: 1 of 9 tests failed
        nightly     skipped: its condition is not met: false
        push        started
        still running: push (1 h 30 min)
        push        > push shop

        """;

    private const string End =
        """
        push        failed in 1 h 30 min: 'push shop' ended with code 7. Its last words:
        deploy      skipped: needs 'push', which failed
        report      started
        report      told
        report      done in 0.2 s

        """;

    private const string Summary =
        """

        job      outcome    time          reason
        push     failed     1 h 30 min    'push shop' ended with code 7. Its last words:
        build    done       2.5 s
        flaky    done       2 min 00 s
        test     unstable   1.0 s         1 of 9 tests failed
        nightly  skipped                  its condition is not met: false
        deploy   skipped                  needs 'push', which failed
        report   done       0.2 s

        longest way: build (2.5 s) -> flaky (2 min 00 s) -> test (1.0 s) -> push (1 h 30 min) -> report (0.2 s)
        ship: failed after 1 h 32 min (run run-1)

        """;

    private const string Errors = "error: push: 'push shop' ended with code 7. Its last words:\nline\nno route\n";

    private const string Output = "push        | line\npush        | no route\npush        | 'push shop' ended with code 7. Its last words:\npush        | line\npush        | no route\n";

    private readonly ProgramWorld _world = new();

    [Fact]
    public async Task Plain_TellsAllButTheOutputOfJobsThatWentWell()
    {
        await RunAsync("--plain");
        Assert.Equal(Begin + Output + End + Summary, _world.Output);
    }

    [Fact]
    public async Task Verbose_TellsOutputAsItComes()
    {
        await RunAsync("--verbose");
        Assert.Equal(Begin + Output.Replace("| ", "", StringComparison.Ordinal) + End + Summary, _world.Output);
    }

    [Fact]
    public async Task Quiet_TellsOnlyWhatWentWrong()
    {
        await RunAsync("--quiet");
        Assert.Equal("test        unstable in 1.0 s: 1 of 9 tests failed\n" + Output + End[..(End.IndexOf('\n', StringComparison.Ordinal) + 1)] + Summary, _world.Output);
    }

    [Fact]
    public async Task GitHub_HasAGroupForEachJobAndAnErrorForEachFailure()
    {
        _world.SetVariables(("GITHUB_ACTIONS", "true"));
        await RunAsync();
        Assert.StartsWith("ship: run run-1 of 7 jobs\nbuild       started\n::group::build: done in 2.5 s\n3 files\n::endgroup::\nflaky       started\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains(
            """
            ::group::push: failed in 1 h 30 min: 'push shop' ended with code 7. Its last words:
            > push shop
            line
            no route
            'push shop' ended with code 7. Its last words:
            line
            no route
            ::endgroup::
            ::error title=push failed::'push shop' ended with code 7. Its last words:%0Aline%0Ano route
            deploy      skipped: needs 'push', which failed

            """,
            _world.Output,
            StringComparison.Ordinal);
        Assert.EndsWith("::group::report: done in 0.2 s\ntold\n::endgroup::\n" + Summary, _world.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitLab_HasASectionForEachJobAtItsTimes()
    {
        _world.SetVariables(("GITLAB_CI", "true"));
        await RunAsync();
        Assert.Contains("\n\e[0Ksection_start:1795424400:build[collapsed=true]\r\e[0Kbuild: done in 2.5 s\n3 files\n\e[0Ksection_end:1795424402:build\r\e[0K\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("\n\e[0Ksection_start:1795424523:push[collapsed=true]\r\e[0Kpush: failed in 1 h 30 min: ", _world.Output, StringComparison.Ordinal);
        Assert.Contains("\nno route\n\e[0Ksection_end:1795429923:push\r\e[0K\ndeploy      skipped", _world.Output, StringComparison.Ordinal);
        Assert.EndsWith(Summary, _world.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TeamCity_HasABlockForEachJobAndAProblemForEachFailure()
    {
        _world.SetVariables(("TEAMCITY_VERSION", "2024.07"));
        await RunAsync();
        Assert.Contains("\n##teamcity[blockOpened name='build' description='build: done in 2.5 s']\n3 files\n##teamcity[blockClosed name='build']\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains(
            "\n##teamcity[blockClosed name='push']\n##teamcity[buildProblem description='push failed: |'push shop|' ended with code 7. Its last words:|nline|nno route' identity='push']\n",
            _world.Output,
            StringComparison.Ordinal);
        Assert.EndsWith(Summary, _world.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_DrawsOverWhatRunsAndKeepsWhatEnded()
    {
        FrameClock frames = new(_world.Clock);
        _world.Options = _world.Options with { Run = _world.Options.Run with { TimeProvider = frames } };
        _world.Terminal = _world.Terminal with { IsInteractive = true };
        await RunAsync();

        // The cursor goes away once and comes back; each picture is erased before the next is drawn.
        Assert.StartsWith("\e[?25lship: run run-1 of 7 jobs\n  0 of 7 jobs ended, 0 at work\n\e[1A\r\e[J> build       2.5 s\n  0 of 7 jobs ended, 1 at work\n\e[2A\r\e[J", _world.Output, StringComparison.Ordinal);
        Assert.Contains("\e[2A\r\e[Jbuild       \e[32mdone\e[0m in 2.5 s\n> flaky       1 min 00 s\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("> flaky       1 min 00 s\n  1 of 7 jobs ended, 1 at work\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("> push        1 h 30 min\n  4 of 7 jobs ended, 1 at work\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("report      \e[32mdone\e[0m in 0.2 s\n", _world.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nship: \e[31mfailed\e[0m after 1 h 32 min (run run-1)\n\e[?25h", _world.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("started", _world.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR", "1", true, false)]
    [InlineData("NO_COLOR", "", true, true)]
    [InlineData("TERM", "dumb", false, false)]
    [InlineData("TERM", "xterm", true, true)]
    public async Task Terminal_SaysWhetherLinesAreDrawnOverAndColored(string name, string value, bool isLive, bool hasColors)
    {
        _world.Options = _world.Options with { Run = _world.Options.Run with { TimeProvider = new FrameClock(_world.Clock) } };
        _world.Terminal = _world.Terminal with { IsInteractive = true };
        _world.SetVariables((name, value));
        await RunAsync();
        Assert.Equal(isLive, _world.Output.Contains("\e[?25l", StringComparison.Ordinal));
        Assert.Equal(hasColors, _world.Output.Contains("\e[31m", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_TellsEachEventAndHowOftenAJobWasTried()
    {
        Assert.Equal(1, await _world.RunAsync(ViewPipeline.Build(_world), "--json"));
        Assert.Empty(_world.Error);
        string[] lines = _world.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(
            """{"event":"runStarted","at":"2026-11-23T09:00:00.000Z","runId":"run-1","pipeline":"ship","jobs":["build","flaky","test","nightly","push","deploy","report"]}""",
            lines[0]);
        Assert.Equal("""{"event":"jobLogged","at":"2026-11-23T09:00:02.500Z","job":"build","source":"job","text":"3 files"}""", lines[2]);
        Assert.Contains("""{"event":"jobRetried","at":"2026-11-23T09:01:02.500Z","job":"flaky","attempt":1,"message":"the network is away\nsince 9:00","delaySeconds":0}""", lines);
        JsonElement last = JsonElement.Parse(lines[^1]).GetProperty("result");
        Assert.Equal("failure", last.GetProperty("outcome").GetString());
        Assert.Equal(5523.75m, last.GetProperty("durationSeconds").GetDecimal());
        Assert.Equal(
            ["build success 1", "flaky success 2", "test unstable 1", "nightly skipped 0", "push failure 1", "deploy skipped 0", "report success 1"],
            last.GetProperty("jobs").EnumerateArray().Select(job => $"{job.GetProperty("name")} {job.GetProperty("outcome")} {job.GetProperty("attempts")}"));
    }

    private async Task RunAsync(params string[] args)
    {
        Assert.Equal(1, await _world.RunAsync(ViewPipeline.Build(_world), args));
        Assert.Equal(Errors, _world.Error.TrimEnd('\n') + "\n");
    }
}
