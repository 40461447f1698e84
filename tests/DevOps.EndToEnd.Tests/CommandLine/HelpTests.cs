using System.Text.RegularExpressions;
using Cli;

namespace DevOps.EndToEnd.Tests.CommandLine;

/// <summary>The help, the parser and the documentation know the same commands and options.</summary>
public sealed partial class HelpTests
{
    public static TheoryData<string> Names => [.. Commands.All.Select(command => command.Name)];

    [Fact]
    public async Task Help_Program_ListsEveryCommand()
    {
        Finished run = (await Run.CliAsync("--help")).Succeeded();

        Assert.Equal(HelpText.OfProgram(), run.Output.TrimEnd());
        Assert.Empty(run.Error);
        Assert.All(Commands.All, command => Assert.Matches($"(?m)^  {command.Name} +{Regex.Escape(command.Summary)}\r?$", run.Output));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_Command_ListsEveryOptionThatItsParserKnows(string name)
    {
        Command command = Commands.Find(name.Split(' '));
        string help = HelpText.Of(command);

        Assert.StartsWith($"usage: devops {name} ", help, StringComparison.Ordinal);
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Options, option =>
        {
            Assert.Contains($"  {option.Heading}", help, StringComparison.Ordinal);
            Assert.Contains(option.Help, help, StringComparison.Ordinal);
            Arguments parsed = Arguments.Parse(option.Value is null ? [option.Name] : [option.Name, "value"], command.Options);
            Assert.True(parsed.Has(option.Name));
        });
        Assert.Equal(command.Options.Select(option => option.Name).Distinct().Count(), command.Options.Length);
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 170, line));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Example_IsUnderstood(string name) => Assert.All(Commands.Find(name.Split(' ')).Examples, example => Understand(example, name));

    [Fact]
    public async Task Help_OfACommand_IsPrintedWhereverItIsAsked()
    {
        string[] expected = [HelpText.Of(TagsCommand.Command)];
        Finished[] runs = [await Run.CliAsync("tags", "--help"), await Run.CliAsync("help", "tags"), await Run.CliAsync("tags", "x", "-h", "--json")];

        Assert.All(runs, run => Assert.Equal((0, expected[0], ""), (run.ExitCode, run.Output.TrimEnd(), run.Error)));
    }

    [Fact]
    public async Task NoCommand_TheHelpIsAnError()
    {
        Finished run = await Run.CliAsync();

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(HelpText.OfProgram(), run.Error.TrimEnd());
    }

    // A command that changes its options changes this page: 'devops COMMAND --help' is copied into it as it is.
    [Theory]
    [MemberData(nameof(Names))]
    public void Documentation_HoldsTheHelpAsItIs(string name)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));

        Assert.Contains($"```text\n{HelpText.Of(Commands.Find(name.Split(' '))).Replace("\r", "", StringComparison.Ordinal).Replace(HelpText.ExitCodes, "", StringComparison.Ordinal).TrimEnd()}\n```", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/cli.md")]
    public void Documentation_CommandLines_AreUnderstood(string page)
    {
        string[] lines = [.. CommandLine().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(match => match.Groups["words"].Value)];

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Understand(line, null));
    }

    private static void Understand(string line, string? name)
    {
        string[] words = [.. line.Split(" #", 2)[0].Split(" < ", 2)[0].Split(" | ", 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Command command = Commands.Find(words);
        if (name is not null)
        {
            Assert.Equal(name, command.Name);
        }

        _ = Arguments.Parse(words[command.Words.Length..], command.Options);
    }

    [GeneratedRegex(@"^(devops|dotnet run --project samples/Cli --) (?<words>[^\r\n]+)$", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
