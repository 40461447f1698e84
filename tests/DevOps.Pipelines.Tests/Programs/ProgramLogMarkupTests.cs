namespace DevOps.Pipelines.Tests;

/// <summary>Escaping for the logs of CI systems, against the rules that they publish.</summary>
public sealed class ProgramLogMarkupTests
{
    [Theory] // expected: @actions/core, command.ts, escapeData and escapeProperty
    [InlineData("plain: text, so", "plain: text, so", "plain%3A text%2C so")]
    [InlineData("100%", "100%25", "100%25")]
    [InlineData("%0A", "%250A", "%250A")]
    [InlineData("a\r\nb", "a%0D%0Ab", "a%0D%0Ab")]
    [InlineData("::error::x", "::error::x", "%3A%3Aerror%3A%3Ax")]
    public void GitHub_Value_IsEscaped(string text, string data, string property)
    {
        Assert.Equal(data, GitHubMarkup.Data(text));
        Assert.Equal(property, GitHubMarkup.Property(text));
    }

    [Theory] // the runner trims a line and takes it if it begins with "::"; "##[" counts anywhere
    [InlineData("::set-env name=PATH::/tmp", "| ::set-env name=PATH::/tmp")]
    [InlineData("  \u00a0::add-mask::x", "|   \u00a0::add-mask::x")]
    [InlineData("said ##[error]no", "said ## [error]no")]
    [InlineData("####[group]a", "#### [group]a")]
    [InlineData("std::vector", "std::vector")]
    [InlineData(": :error::", ": :error::")]
    public void GitHub_Line_IsNoCommand(string text, string expected) => Assert.Equal(expected, new GitHubMarkup().Line(text));

    [Theory] // expected: TeamCity's help, "Service Messages", "Escaped Values"
    [InlineData("it's", "it|'s")]
    [InlineData("a\nb\rc", "a|nb|rc")]
    [InlineData("a|b", "a||b")]
    [InlineData("[x]", "|[x|]")]
    [InlineData("\u00e9\u2028", "|0x00E9|0x2028")]
    [InlineData("\ud83d\ude00", "|0xD83D|0xDE00")]
    [InlineData("|n", "||n")]
    [InlineData("~ plain", "~ plain")]
    public void TeamCity_Value_IsEscaped(string text, string expected) => Assert.Equal(expected, TeamCityMarkup.Value(text));

    [Theory]
    [InlineData("##teamcity[buildStatus text='fine']", "##teamcity[message text='##teamcity|[buildStatus text=|'fine|'|]']")]
    [InlineData("a ##TeamCity[x]", "##teamcity[message text='a ##TeamCity|[x|]']")]
    [InlineData("teamcity[x]", "teamcity[x]")]
    public void TeamCity_Line_IsNoMessage(string text, string expected) => Assert.Equal(expected, new TeamCityMarkup().Line(text));

    [Fact] // "It must be a valid Java ID up to 60 characters", and another problem must have another one
    public void TeamCity_Identity_IsAnIdentifierAndDiffers()
    {
        Assert.Equal("push_2", TeamCityMarkup.Identity("push_2"));
        string[] names = ["push all", "push-all", "push/all", "2nd", "_2nd", "\ud83d\ude00", new('a', 60), new('a', 61), new('a', 62)];
        string[] identities = [.. names.Select(TeamCityMarkup.Identity)];
        Assert.Equal(names.Length, identities.Distinct().Count());
        Assert.All(identities, identity => Assert.Matches("^[A-Za-z_][A-Za-z0-9_]{0,59}$", identity));
    }

    [Theory] // GitLab's docs: a section's name has letters, digits, '_', '.' and '-'
    [InlineData("build-1.2_x", "build-1.2_x")]
    [InlineData("a b", "a_b-c8687a08")]
    [InlineData("a:b", "a_b-6783a31e")]
    public void GitLab_Section_HasAnAllowedName(string name, string expected)
    {
        JobResult job = new() { Name = name, Needs = [], Outcome = Outcome.Success, CountsAs = Outcome.Success, StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(9.9), Duration = TimeSpan.FromSeconds(1.2) };
        Assert.Equal($"\e[0Ksection_start:9:{expected}[collapsed=true]\r\e[0Ktitle", new GitLabMarkup().Open(job, "title"));
        Assert.Equal($"\e[0Ksection_end:11:{expected}\r\e[0K", new GitLabMarkup().Close(job));
    }

    [Theory]
    [InlineData("a\e[2Jb", "a\uFFFD[2Jb")]
    [InlineData("section_start:1:x\r\e[0Kfake", "section_start:1:x\uFFFD[0Kfake")]
    [InlineData("a\tb\u202ec\u2028d", "a b\uFFFDc d")]
    public void Line_OfText_SteersNoTerminal(string text, string expected) => Assert.Equal(expected, ViewText.Line(text));
}
