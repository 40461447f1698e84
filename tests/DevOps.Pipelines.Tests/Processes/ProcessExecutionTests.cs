using System.Collections.Immutable;
using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class ProcessExecutionTests
{
    public static TheoryData<string> Arguments =>
    [
        "", " ", "  two  ", "a b", "\"", "\"quoted\"", "it's", "\\", "\\\"", "a\\", "\\\\server\\share\\", "one\ntwo", "\r\n", "\n", "\t", "$HOME", "`id`", "$(id)", "*", "~", "-n", "--", "%s", "; exit 3", "&& x", "| y",
        "> z", "#", "!", "é", "\u65e5\u672c\u8a9e", "\U0001F680", "a\u00a0b", "\u001b[31m", new string('x', 100_000),
    ];

    [Theory] // Expected: the bytes of the argument in UTF-8, as od prints them.
    [MemberData(nameof(Arguments))]
    public async Task RunAsync_Argument_ArrivesAsItIs(string argument)
    {
        (string output, _) = await Shell.ScriptAsync("""for a; do printf %s "$a" | od -An -v -tx1 | tr -d ' \n'; echo; done""", "first", argument, "last");
        Assert.Equal($"{Hex("first")}\n{Hex(argument)}\n{Hex("last")}\n", output);
    }

    [Fact]
    public async Task RunAsync_SlowObserver_LosesNoLine()
    {
        int seen = 0;
        using ManualResetEventSlim slow = new(false);
        ProcessResult result = await ProcessExecution.RunAsync(
            "seq", ["1", "3000"], ProcessOptions.Default, Shell.Scope(_ => slow.Wait(++seen % 500 == 0 ? 300 : 0)), TestContext.Current.CancellationToken);
        Assert.Equal(3000, seen);
        Assert.EndsWith("\n2999\n3000\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_HelperThatGoesOnWriting_DoesNotHoldTheJob()
    {
        // The helper leaves its parent, keeps the pipe and writes until nobody reads any more.
        ProcessResult result = await ProcessExecution.RunAsync(
            "sh", ["-c", "echo own; (timeout 60 yes) & exit 0"], ProcessOptions.Default, ProcessScope.Silent(TimeProvider.System), TestContext.Current.CancellationToken);
        Assert.StartsWith("own\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_EndlessOutput_CanBeCancelled()
    {
        using CancellationTokenSource stop = new();
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProcessExecution.RunAsync(
            "yes", [], ProcessOptions.Default, Shell.Scope(_ =>
            {
                if (++seen == 1000)
                {
                    stop.Cancel();
                }
            }), stop.Token));
    }

    [Fact]
    public async Task RunAsync_LineWithoutEnd_ComesInPieces()
    {
        List<string> lines = [];
        ProcessResult result = await ProcessExecution.RunAsync(
            "head", ["-c", "100000", "/dev/zero"], ProcessOptions.Default, Shell.Scope(line => lines.Add(line.Text)), TestContext.Current.CancellationToken);
        Assert.Equal(100_000, lines.Sum(line => line.Length));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, LineSplitter.MaxLineLength));
        Assert.Equal(100_001, result.Output.Length);
    }

    [Fact]
    public async Task RunAsync_NoArguments_PassesNone()
    {
        (string output, _) = await Shell.ScriptAsync("echo $#");
        Assert.Equal("0\n", output);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(127)]
    [InlineData(255)]
    public async Task RunAsync_ExitCode_IsToldWithTheLastLines(int code)
    {
        ProcessFailedException error = await Assert.ThrowsAsync<ProcessFailedException>(() => Shell.ScriptAsync("echo out; echo err >&2; exit $1", $"{code}"));
        Assert.Equal(code, error.ExitCode);
        Assert.Equal(["err", "out"], error.LastLines.Split('\n').Order(StringComparer.Ordinal));
        Assert.Contains($"ended with code {code}. Its last words:\n", error.Message, StringComparison.Ordinal);
    }

    [Fact] // Expected: 128 + SIGTERM, as shells say it.
    public async Task RunAsync_EndedBySignal_Fails()
    {
        ProcessFailedException error = await Assert.ThrowsAsync<ProcessFailedException>(() => Shell.ScriptAsync("kill -TERM $$"));
        Assert.Equal(143, error.ExitCode);
    }

    [Fact]
    public async Task RunAsync_FailsWithoutAWord_SaysSo()
    {
        ProcessFailedException error = await Assert.ThrowsAsync<ProcessFailedException>(() => Shell.RunAsync("/bin/sh", ["-c", "exit 4", "", "a b"]));
        Assert.Equal("/bin/sh -c 'exit 4' '' 'a b'", error.Command);
        Assert.Equal("", error.LastLines);
        Assert.EndsWith("It wrote nothing.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FailsAfterManyLines_KeepsTheLast()
    {
        ProcessFailedException error = await Assert.ThrowsAsync<ProcessFailedException>(() => Shell.ScriptAsync("i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done; exit 1"));
        Assert.Equal(Enumerable.Range(30, 20).Select(i => $"line {i}"), error.LastLines.Split('\n'));
    }

    [Theory]
    [InlineData("devops-no-such-program")]
    [InlineData("/no/such/program")]
    [InlineData("/")]
    [InlineData("/etc/passwd")] // It is there and is no program.
    public async Task RunAsync_NoProgram_TellsTheRemedy(string name)
    {
        ProcessStartException error = await Assert.ThrowsAsync<ProcessStartException>(() => Shell.RunAsync(name, []));
        Assert.Equal(name, error.FileName);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Install it, or give its full path.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WorkingDirectory_IsWhereItStarts()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        directory.Write("with space/here", "");
        (string output, _) = await Shell.RunAsync("/bin/sh", ["-c", "ls"], new() { WorkingDirectory = directory.PathOf("with space") });
        Assert.Equal("here\n", output);
    }

    [Fact]
    public async Task RunAsync_NoWorkingDirectory_IsToldBeforeTheStart()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string missing = directory.PathOf("missing");
        string file = directory.Write("file");
        DirectoryNotFoundException error = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Shell.RunAsync("/bin/sh", ["-c", "exit"], new() { WorkingDirectory = missing }));
        Assert.Contains($"'{missing}'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Shell.RunAsync("/bin/sh", ["-c", "exit"], new() { WorkingDirectory = file }));
    }

    [Fact]
    public async Task RunAsync_Environment_IsAddedChangedAndRemoved()
    {
        ImmutableDictionary<string, string?> environment = ImmutableDictionary<string, string?>.Empty
            .Add("DEVOPS_ADDED", "a b=\"c\"\nd").Add("DEVOPS_EMPTY", "").Add("HOME", "/changed").Add("PATH", null);
        (string output, _) = await Shell.RunAsync(
            "/bin/sh", ["-c", """/usr/bin/env -0 | /usr/bin/tr '\n\0' '\t\n'"""], new() { Environment = environment });
        string[] variables = output.Split('\n');

        Assert.Contains("DEVOPS_ADDED=a b=\"c\"\td", variables);
        Assert.Contains("DEVOPS_EMPTY=", variables);
        Assert.Contains("HOME=/changed", variables);
        Assert.DoesNotContain(variables, variable => variable.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.NotNull(Environment.GetEnvironmentVariable("PATH"));
    }

    [Fact]
    public async Task RunAsync_Environment_IsInherited()
    {
        (string output, _) = await Shell.ScriptAsync("""printf '%s\n' "$PATH" """);
        Assert.Equal($"{Environment.GetEnvironmentVariable("PATH")}\n", output);
    }

    [Fact]
    public async Task RunAsync_BothOutputs_AreLinesOfTheLogAndOneIsTheResult()
    {
        (string output, List<(LogSource Source, string Line)> log) = await Shell.ScriptAsync("echo one; echo bad >&2; printf 'two\\r\\n\\nlast without end'");
        Assert.Equal("one\ntwo\n\nlast without end\n", output);
        Assert.Equal(["one", "two", "", "last without end"], log.Where(line => line.Source == LogSource.Output).Select(line => line.Line));
        Assert.Equal(["bad"], log.Where(line => line.Source == LogSource.Error).Select(line => line.Line));
    }

    [Fact]
    public async Task RunAsync_MuchOnBothOutputs_DoesNotBlock()
    {
        // More than a pipe holds, first on one and then on the other.
        (string output, List<(LogSource Source, string Line)> log) = await Shell.ScriptAsync(
            "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789 >&2; i=$((i+1)); done; while [ $i -lt 6000 ]; do echo out; i=$((i+1)); done");
        Assert.Equal(3000, log.Count(line => line.Source == LogSource.Error));
        Assert.Equal(3000 * "out\n".Length, output.Length);
    }

    [Theory] // A line counts with its end.
    [InlineData(0, "")]
    [InlineData(3, "")]
    [InlineData(4, "one\n")]
    [InlineData(7, "one\n")]
    [InlineData(8, "one\ntwo\n")]
    [InlineData(100, "one\ntwo\nsix\n")]
    public async Task RunAsync_MaxOutputLength_BoundsTheResultAndNotTheLog(int max, string expected)
    {
        (string output, List<(LogSource Source, string Line)> log) = await Shell.RunAsync("/bin/sh", ["-c", "echo one; echo two; echo six"], new() { MaxOutputLength = max });
        Assert.Equal(expected, output);
        Assert.Equal(["one", "two", "six"], log.Select(line => line.Line));
    }

    [Fact]
    public async Task RunAsync_LineBeyondMaxOutputLength_EndsTheResult()
    {
        (string output, _) = await Shell.RunAsync("/bin/sh", ["-c", "echo one; echo a line that does not fit; echo six"], new() { MaxOutputLength = 12 });
        Assert.Equal("one\n", output);
    }

    [Fact] // Or a file that someone put beside the program or into the directory it was started in runs as "git".
    public async Task RunAsync_NameThatIsNotInThePath_IsNotLookedForElsewhere()
    {
        Shell.Require();
        string program = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, "devops-not-in-the-path");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho planted\n", TestContext.Current.CancellationToken);
        try
        {
            await Shell.RunAsync("chmod", ["700", program]);
            await Assert.ThrowsAsync<ProcessStartException>(() => Shell.RunAsync("devops-not-in-the-path", []));
        }
        finally
        {
            File.Delete(program);
        }
    }

    [Fact] // Expected: Unicode 15, section 3.9: one U+FFFD for a byte that begins nothing.
    public async Task RunAsync_Utf8_IsRead()
    {
        (string output, List<(LogSource Source, string Line)> log) = await Shell.ScriptAsync("""printf '\303\251 \346\227\245 \360\237\232\200\n\377\n'; printf '\303\251\n' >&2""");
        Assert.Equal("\u00e9 \u65e5 \U0001F680\n\ufffd\n", output);
        Assert.Contains((LogSource.Error, "\u00e9"), log);
    }

    [Fact]
    public async Task RunAsync_Input_IsClosed()
    {
        (string output, _) = await Shell.RunAsync("cat", []);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task RunAsync_CancelledBefore_StartsNothing()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => ProcessExecution.RunAsync("devops-no-such-program", [], ProcessOptions.Default, ProcessScope.Silent(TimeProvider.System), stop.Token));
    }

    [Fact]
    public void MaxOutputLength_Negative_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessOptions { MaxOutputLength = -1 });
        Assert.Equal(1 << 20, ProcessOptions.Default.MaxOutputLength);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
