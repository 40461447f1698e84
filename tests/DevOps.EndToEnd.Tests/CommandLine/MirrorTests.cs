using System.Text.Json;
using Cli;
using DevOps.Registry;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class MirrorTests(HeldImage held) : IClassFixture<HeldImage>
{
    [Fact]
    public async Task Mirror_DryRunThenRealThenAgain_CopiesOnce()
    {
        string file = await WriteAsync("mirror.yaml", held.Name, $"{held.Address}/mirrored");
        Finished dry = (await Run.CliAsync("mirror", file, "--dry-run", "--json")).Succeeded();
        Finished first = (await Run.CliAsync("mirror", file)).Succeeded();
        Finished second = (await Run.CliAsync("mirror", file, "--json")).Succeeded();

        Assert.Equal(["WouldCopy"], Outcomes(dry).Distinct());
        Assert.Contains("4 copied", first.Output, StringComparison.Ordinal);
        Assert.Equal(["UpToDate"], Outcomes(second).Distinct());
        Assert.Empty(second.Error);
    }

    [Fact]
    public async Task Mirror_SourceIsDown_IsIncompleteAndSaysWhich()
    {
        string file = await WriteAsync("down.yaml", "127.0.0.1:1/team/api", $"{held.Address}/mirrored");
        Finished text = await Run.CliAsync("mirror", file);
        Finished run = await Run.CliAsync("mirror", file, "--json");

        Assert.Equal((1, 1), (text.ExitCode, run.ExitCode));
        Assert.Contains("error: 127.0.0.1:1", text.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("complete").GetBoolean());
        Assert.Contains("Connection refused", Assert.Single(json.RootElement.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mirror_SourceIsDownAndTagsMayBeRemoved_IsOneError()
    {
        string file = await WriteAsync("delete.yaml", "127.0.0.1:1/team/api", $"{held.Address}/mirrored\n    delete: {{ max-tags: 5 }}");
        Finished text = await Run.CliAsync("mirror", file, "-q");
        Finished run = await Run.CliAsync("mirror", file, "--json");

        Assert.Equal((1, 1), (text.ExitCode, run.ExitCode));
        string line = Assert.Single(text.Error.TrimEnd().Split('\n'));
        Assert.Contains("Connection refused", line, StringComparison.Ordinal);
        Assert.EndsWith("so nothing was removed.", line, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Single(json.RootElement.GetProperty("problems").EnumerateArray());
    }

    [Theory]
    [InlineData("Line 2, column 1: ", "mirror: [")]
    [InlineData("'to' is missing", "mirrors:\n  - from: a.example/x")]
    [InlineData("would be mirrored to the same registry", "mirrors:\n  - from: a.example\n    to: a.example\n    repositories: {}")]
    [InlineData("the text is empty", "")]
    [InlineData("'mirrors' has no entry", "mirrors: []")]
    public async Task Mirror_FileThatIsWrong_IsNotUnderstood(string message, string yaml)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string file = Path.Combine(temporary.Path, "mirror.yaml");
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);

        Finished run = await Run.CliAsync("mirror", file, "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"error: {file}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal("usage", json.RootElement.GetProperty("error").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(1, "error: The file 'no.yaml' does not exist. Check the path.", "no.yaml")]
    [InlineData(2, "error: '.' is a directory. Name a file in it.", ".")]
    [InlineData(2, "error: /dev/zero: Line 1, column 1: the text is longer than", "/dev/zero")]
    public async Task Mirror_FileThatCannotBeRead_SaysWhy(int exitCode, string message, string path)
    {
        Finished run = await Run.CliAsync("mirror", path);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mirror_ExampleOfTheHelp_IsADefinition() => Assert.Single(MirrorDefinition.Parse(MirrorFile.Example).Rules);

    private static IEnumerable<string?> Outcomes(Finished run)
    {
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("outcome").GetString())];
    }

    private async Task<string> WriteAsync(string name, string source, string target)
    {
        string file = Path.Combine(held.Directory, name);
        await File.WriteAllTextAsync(file, $"""
            mirrors:
              - from: {source}
                to: {target}
            """, TestContext.Current.CancellationToken);
        return file;
    }
}
