using Cli;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class ProgressStyleTests
{
    [Theory]
    [InlineData(true, "xterm-256color", "Bar")]
    [InlineData(true, "dumb", "Plain")]
    [InlineData(true, "", "Plain")]
    [InlineData(true, null, "Plain")]
    [InlineData(false, "xterm", "Plain")]
    [InlineData(false, "xterm", "Silent", "--json")]
    [InlineData(true, "xterm", "Bar", "--json")]
    [InlineData(true, "xterm", "Plain", "--progress", "plain")]
    [InlineData(false, "xterm", "Plain", "--json", "--progress=plain")]
    [InlineData(true, "xterm", "None", "--progress", "none")]
    [InlineData(true, "xterm", "None", "-q")]
    public void Choose_TerminalAndOptions_ChooseTheStyle(bool isTerminal, string? terminal, string expected, params string[] words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && terminal is not { Length: > 4 }, "a console of Windows has no name");
        Assert.Equal(expected, ProgressStyles.Choose(Arguments.Parse(words, [Option.Progress, Option.Json, Option.Quiet]), isTerminal, terminal).ToString());
    }

    [Theory]
    [InlineData("--progress", "loud")]
    [InlineData("--progress", "plain", "--quiet")]
    public void Choose_Contradiction_IsRefused(params string[] words) =>
        Assert.Throws<UsageException>(() => ProgressStyles.Choose(Arguments.Parse(words, [Option.Progress, Option.Quiet]), isTerminal: false, null));
}
