using Cli;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class ArgumentsTests
{
    private static readonly Option[] Known = [new("--limit", "N", "") { Short = "-l" }, new("--host", "H", "") { Repeats = true }, new("--yes", null, "")];

    [Fact]
    public void Parse_EveryForm_IsUnderstood()
    {
        Arguments arguments = Arguments.Parse(["a", "-l", "3", "--host=x=y", "--host", "--yes", "-", "--yes", "--", "--limit"], Known);

        Assert.Equal(["a", "-", "--limit"], arguments.Values("A", "B", "C"));
        Assert.Equal("3", arguments.Find("--limit"));
        Assert.Equal(["x=y", "--yes"], arguments.All("--host"));
        Assert.True(arguments.Has("--yes"));
    }

    [Theory]
    [InlineData("'--yes' takes no value", "--yes=1")]
    [InlineData("'--limit' needs a value: N", "--limit")]
    [InlineData("Did you mean '--limit'?", "--limt", "3")]
    [InlineData("Did you mean '--limit'?", "--lim", "3")]
    [InlineData("'--frobnicate' is not an option of this command.", "--frobnicate")]
    public void Parse_Mistake_SaysWhatIsMeant(string message, params string[] words) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Arguments.Parse(words, Known)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--password=hunter2")]
    [InlineData("-phunter2")]
    [InlineData("-p", "hunter2")]
    [InlineData("--passwrd=hunter2")]
    [InlineData("--token=hunter2")]
    public void Parse_PasswordAsAWord_IsRefusedWithoutRepeatingIt(params string[] words)
    {
        string message = Assert.Throws<UsageException>(() => Arguments.Parse(words, LoginCommand.Command.Options)).Message;

        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }
}
