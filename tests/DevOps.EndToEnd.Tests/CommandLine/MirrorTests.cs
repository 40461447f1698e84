using System.Text.Json;

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
    public async Task Mirror_FileThatIsWrong_NamesFileAndLine()
    {
        string file = Path.Combine(held.Directory, "wrong.yaml");
        await File.WriteAllTextAsync(file, "mirror: [", TestContext.Current.CancellationToken);
        Finished wrong = await Run.CliAsync("mirror", file);
        Finished missing = await Run.CliAsync("mirror", file + ".no");

        Assert.Equal((1, 1), (wrong.ExitCode, missing.ExitCode));
        Assert.StartsWith($"error: {file}: ", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"'{file}.no'. Check the path.", missing.Error, StringComparison.Ordinal);
    }

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
