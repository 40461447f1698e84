using System.Text.Json;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class TagsTests(HeldImage held) : IClassFixture<HeldImage>
{
    [Fact]
    public async Task Tags_Repository_OneALineInTheRegistrysOrder()
    {
        Finished run = (await Run.CliAsync("tags", held.Name)).Succeeded();

        Assert.Equal(["1", "2", "3", "all"], run.Output.TrimEnd().Split('\n'));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Tags_Limit_EndsThereAndIsOneDocument()
    {
        Finished run = (await Run.CliAsync("tags", held.Name, "--limit", "2", "--json")).Succeeded();

        Assert.Equal($$"""{"repository":"{{held.Name}}","tags":["1","2"]}""", run.Output.TrimEnd());
    }

    [Theory]
    [InlineData(1, "NAME_UNKNOWN", "{registry}/no/such")]
    [InlineData(1, "Connection refused", "127.0.0.1:1/team/api")]
    [InlineData(2, "the repository is missing: write '{registry}/REPOSITORY'", "{registry}")]
    [InlineData(2, "is not in a registry", "oci:layout")]
    [InlineData(2, "names an image", "{registry}/team/api:1")]
    [InlineData(2, "write 1 to", "{registry}/team/api", "--limit", "0")]
    public async Task Tags_CannotBeListed_SaysWhyAsTextAndAsJson(int exitCode, string message, params string[] words)
    {
        Finished run = await Run.CliAsync([.. words.Select(word => word.Replace("{registry}", held.Address, StringComparison.Ordinal)).Prepend("tags"), "--json"]);

        message = message.Replace("{registry}", held.Address, StringComparison.Ordinal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Contains(message, json.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_ReaderThatGoesAway_IsNoError()
    {
        Finished run = await Run.ProgramAsync("bash", "-c", $"'{Repository.Cli}' tags {held.Name} | head -1; echo ${{PIPESTATUS[0]}}");

        Assert.Equal(["1", "0"], run.Output.TrimEnd().Split('\n'));
        Assert.Empty(run.Error);
    }

    // A user of a container often has no entry in /etc/passwd, and no HOME.
    [Fact]
    public async Task Tags_NoHomeAndNoVariables_Work()
    {
        Finished run = (await Run.ProgramAsync("env", "-i", $"DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}", $"PATH={Environment.GetEnvironmentVariable("PATH")}", Repository.Cli, "tags", held.Name, "--limit", "1")).Succeeded();

        Assert.Equal("1", run.Output.TrimEnd());
    }
}
