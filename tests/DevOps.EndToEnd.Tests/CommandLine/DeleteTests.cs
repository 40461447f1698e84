namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class DeleteTests(HeldImage held) : IClassFixture<HeldImage>
{
    [Fact]
    public async Task Delete_Tag_GoesAloneAndTheSecondTimeIsAnError()
    {
        string tag = $"{held.Name}:2";
        Finished first = (await Run.CliAsync("delete", tag, "--json")).Succeeded();
        Finished second = await Run.CliAsync("delete", tag);

        Assert.Equal($$"""{"deleted":"{{tag}}"}""", first.Output.TrimEnd());
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("does not hold", second.Error, StringComparison.Ordinal);
        (await Run.CliAsync("inspect", $"{held.Name}@{held.Image.Digest}")).Succeeded();
    }

    [Fact]
    public async Task Delete_Digest_TakesItsTagsAlong()
    {
        (await Run.CliAsync("delete", $"{held.Name}@{held.Index.Digest}")).Succeeded();
        Finished tags = (await Run.CliAsync("tags", held.Name)).Succeeded();

        Assert.DoesNotContain("all", tags.Output.Split('\n'));
    }

    [Theory]
    [InlineData("{name}")]
    [InlineData("{name}:1@{digest}")]
    public async Task Delete_NeitherOrBoth_IsRefused(string reference)
    {
        Finished run = await Run.CliAsync("delete", reference.Replace("{name}", held.Name, StringComparison.Ordinal).Replace("{digest}", held.Image.Digest.ToString(), StringComparison.Ordinal));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("does not say what goes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_InATerminal_AsksFirst()
    {
        using TerminalSession session = TerminalSession.Start(100, "", "delete", $"{held.Name}:3");
        await session.ReadUntilAsync("[y/N]");
        session.Type("n\n");

        Assert.Equal(1, await session.EndAsync());
        Assert.Contains("Nothing was deleted", session.Seen, StringComparison.Ordinal);
        (await Run.CliAsync("inspect", $"{held.Name}:3")).Succeeded();
    }
}
