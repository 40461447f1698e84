namespace DevOps.Pipelines.Tests;

public sealed class CommandTextTests
{
    [Theory] // Expected: POSIX.1-2024, Shell Command Language, 2.2 Quoting.
    [InlineData("git", "git")]
    [InlineData("--format=%H", "--format=%H")]
    [InlineData("/a/b-c_d.e:f@g+h,i", "/a/b-c_d.e:f@g+h,i")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("'", "''\\'''")]
    [InlineData("\"x\"", "'\"x\"'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("a\\b", "'a\\b'")]
    [InlineData("*.cs", "'*.cs'")]
    [InlineData("~", "'~'")]
    [InlineData("#", "'#'")]
    [InlineData("{a,b}", "'{a,b}'")]
    [InlineData("é", "'é'")]
    [InlineData("one\ntwo", "$'one\\ntwo'")]
    [InlineData("it's\t\\", "$'it\\'s\\t\\\\'")]
    [InlineData("\u001b[31m7", "$'\\033[31m7'")]
    [InlineData("\u0085", "$'\\302\\205'")]
    public void Of_Argument_IsQuotedForAShell(string word, string expected) => Assert.Equal($"run {expected} x", CommandText.Of("run", [word, "x"], []));

    [Theory]
    [InlineData("A=b", "'A=b'")]
    [InlineData("time", "'time'")]
    [InlineData("my program", "'my program'")]
    public void Of_Command_IsNoKeywordAndNoAssignment(string name, string expected) => Assert.Equal(expected, CommandText.Of(name, [], []));

    [Fact]
    public async Task Of_EveryArgument_MeansTheSameInAShell()
    {
        string[] words = [.. ProcessExecutionTests.Arguments.Select(row => row.Data).Where(word => word.Length < 1000)];
        string command = CommandText.Of("printf", ["%s\\0", .. words], []);
        RecordingSink sink = new();
        await new SystemProcessRunner(TimeProvider.System).RunAsync(
            new() { FileName = "bash", Arguments = ["-c", command] }, sink, TestContext.Current.CancellationToken);
        Assert.Equal(words, sink.Text.Split('\0')[..^1]);
        Assert.DoesNotContain(command, char.IsControl);
    }

    [Theory]
    [InlineData("s3cret", "***")]
    [InlineData("--api-key=s3cret", "--api-key=***")]
    [InlineData("a s3cret b", "'a *** b'")]
    [InlineData("s3cret-and-more", "***")]
    [InlineData("S3CRET", "S3CRET")]
    [InlineData("it's long", "***")]
    [InlineData("***", "'***'")]
    public void Of_Secret_IsHiddenTheLongestFirst(string word, string expected) =>
        Assert.Equal($"push {expected}", CommandText.Of("push", [word], ["s3cret", "", "s3cret-and-more", "it's long"]));
}
