using System.Collections.Immutable;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class ShellStepsTests
{
    private static readonly ShellOptions Sh = new() { Shell = ShellKind.Sh };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Expected: POSIX, set -e; bash manual, pipefail.
    [InlineData("echo one; false; echo two", 1)]
    [InlineData("false | cat; echo two", 1)]
    [InlineData("echo one; (exit 7); echo two", 7)]
    [InlineData("devops-no-such-program || true\necho one", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("# comment\ncat", 0)]
    public async Task ShellAsync_Script_EndsAtTheFirstFailure(string script, int code)
    {
        JobResult result = await Shell.RunJobAsync(job => job.ShellAsync(script), cancellationToken: Cancellation);
        Assert.Equal(code, result.Error?.ExitCode ?? 0);
        Assert.DoesNotContain(result.Log, line => line.Source == LogSource.Output && line.Text == "two");
    }

    [Theory]
    [InlineData("echo one; false; echo two", 1)]
    [InlineData("false | cat; :", null)] // As the machine's sh knows pipefail or not.
    [InlineData("if false; then :; fi; echo $0 $1", 0)]
    public async Task ShellAsync_Sh_EndsAtTheFirstFailure(string script, int? code)
    {
        JobResult result = await Shell.RunJobAsync(job => job.ShellAsync(script, Sh with { Arguments = ["a b"] }), cancellationToken: Cancellation);
        int actual = result.Error?.ExitCode ?? 0;
        Assert.Equal(code ?? actual, actual);
        Assert.DoesNotContain(result.Log, line => line.Source == LogSource.Output && line.Text == "two");
    }

    [Fact]
    public async Task ShellAsync_Arguments_AreNoScript()
    {
        ProcessResult? result = null;
        string evil = "$(echo evil); 'x' \"";
        await Shell.RunJobAsync(async job => result = await job.ShellAsync("printf '%s|' \"$@\"", new() { Arguments = [evil, ""] }), cancellationToken: Cancellation);
        Assert.Equal($"{evil}||\n", result!.Output);
    }

    [Fact]
    public async Task ShellAsync_LinesOfWindows_AreRead()
    {
        ProcessResult? result = null;
        await Shell.RunJobAsync(async job => result = await job.ShellAsync("echo one\r\nif true; then\r\n  echo two\r\nfi\r\n"), cancellationToken: Cancellation);
        Assert.Equal("one\ntwo\n", result!.Output);
    }

    [Fact]
    public async Task ShellAsync_BashEnv_IsNotRun()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string planted = directory.Write("env", "echo planted\n");
        ShellCommand command = ShellCommand.Of("echo own", ShellOptions.Default);
        Assert.Null(command.Process.Environment["BASH_ENV"]);
        ProcessResult? result = null;
        ShellOptions asked = new() { Process = new() { Environment = ImmutableDictionary<string, string?>.Empty.Add("BASH_ENV", planted) } };
        await Shell.RunJobAsync(async job => result = await job.ShellAsync("echo own", asked), cancellationToken: Cancellation);
        Assert.Equal("planted\nown\n", result!.Output);
    }

    [Fact]
    public void Of_Shell_HasExactlyTheseArguments()
    {
        Assert.Equal(["--noprofile", "--norc", "-eo", "pipefail", "-c", "x", "bash", "1"], ShellCommand.Of("x", new() { Arguments = ["1"] }).Arguments);
        Assert.Equal(["-e", "-c", "(set -o pipefail) 2>/dev/null && set -o pipefail; x", "sh"], ShellCommand.Of("x", Sh).Arguments);
        ShellCommand command = ShellCommand.Of("x", new() { Shell = ShellKind.PowerShell, Arguments = ["1"] });
        Assert.Equal("pwsh", command.FileName);
        Assert.Equal(
            ["-NoProfile", "-NonInteractive", "-CommandWithArgs", "$ErrorActionPreference = 'Stop'; x\nif (Test-Path -LiteralPath variable:\\LASTEXITCODE) { exit $LASTEXITCODE }", "1"],
            command.Arguments);
    }

    [Fact]
    public async Task Of_ScriptThatCannotBeAnArgument_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ShellCommand.Of(" ", ShellOptions.Default));
        Assert.Throws<ArgumentException>(() => ShellCommand.Of("a\0b", ShellOptions.Default));
        Assert.Throws<ArgumentException>(() => ShellCommand.Of(new string('x', 130_049), ShellOptions.Default));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShellCommand.Of("x", new() { Shell = (ShellKind)9 }));

        JobResult result = await Shell.RunJobAsync(job => job.ShellAsync("#" + new string('x', 130_046) + "\n"), cancellationToken: Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
    }
}
