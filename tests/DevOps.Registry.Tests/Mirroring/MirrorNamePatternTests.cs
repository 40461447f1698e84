namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorNamePatternTests
{
    [Theory]
    [InlineData("3.*", "3.19", true)]
    [InlineData("3.*", "13.19", false)]
    [InlineData("3.1?", "3.19", true)]
    [InlineData("team/*", "team/api", true)]
    [InlineData("team/*", "team/api/deep", false)]
    [InlineData("team/**", "team/api/deep", true)]
    [InlineData("a.c", "abc", false)]
    public void Glob_MatchesTheWholeName(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.Glob(pattern).IsMatch(name));

    [Theory]
    [InlineData("v\\d+", "v12", true)]
    [InlineData("v\\d+", "v12-rc", false)]
    [InlineData("a|b", "ab", false)]
    public void RegularExpression_MatchesTheWholeName(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.RegularExpression(pattern).IsMatch(name));

    [Theory]
    [InlineData("(")]
    [InlineData("a)|(b")]
    [InlineData("(?=x)x")]
    [InlineData("(a)\\1")]
    [InlineData("")]
    public void RegularExpression_OutOfReach_IsRefused(string pattern) => Assert.Throws<FormatException>(() => NamePattern.RegularExpression(pattern));

    [Theory]
    [InlineData("[ab]")]
    [InlineData("a b")]
    public void Glob_CharactersThatNoNameHas_AreRefused(string pattern) => Assert.Throws<FormatException>(() => NamePattern.Glob(pattern));

    // Expected: node-semver 7, satisfies(), with a v before the version where one is here.
    [Theory]
    [InlineData(">=1.2.0 <2.0.0", "1.2.0", true)]
    [InlineData(">=1.2.0 <2.0.0", "v1.9.9", true)]
    [InlineData(">=1.2.0 <2.0.0", "2.0.0", false)]
    [InlineData(">=1.2.0 <2.0.0", "1.5.0-rc.1", false)]
    [InlineData(">=1.5.0-rc.1", "1.5.0-rc.2", true)]
    [InlineData(">=1.5.0-rc.1", "1.6.0-rc.2", false)]
    [InlineData("^1.2", "1.99.0", true)]
    [InlineData("^1.2", "1.1.9", false)]
    [InlineData("^0.2.3", "0.2.9", true)]
    [InlineData("^0.2.3", "0.3.0", false)]
    [InlineData("^0.0.3", "0.0.4", false)]
    [InlineData("~1.4.2", "1.4.9", true)]
    [InlineData("~1.4.2", "1.5.0", false)]
    [InlineData("~1", "1.9.0", true)]
    [InlineData("1.x", "1.7.3", true)]
    [InlineData("1.x", "2.0.0", false)]
    [InlineData("1.4", "1.4.7", true)]
    [InlineData("*", "9.9.9", true)]
    [InlineData("*", "9.9.9-rc.1", false)]
    [InlineData("=1.4.0", "1.4.0", true)]
    [InlineData("1.4.0", "1.4.1", false)]
    [InlineData(">1.4", "1.4.9", false)]
    [InlineData(">1.4", "1.5.0", true)]
    [InlineData("<=1.4", "1.4.9", true)]
    [InlineData("1.x || >=3.0.0", "3.1.0", true)]
    [InlineData("1.x || >=3.0.0", "2.1.0", false)]
    [InlineData("*", "1.4", false)]
    [InlineData("*", "latest", false)]
    [InlineData("*", "01.2.3", false)]
    public void Versions_AreMatchedAsByNpm(string range, string tag, bool matches) => Assert.Equal(matches, NamePattern.Versions(range).IsMatch(tag));

    [Theory]
    [InlineData("1.2.3.4")]
    [InlineData("1.x.3")]
    [InlineData("||")]
    [InlineData("latest")]
    [InlineData("<*")]
    public void Versions_NoRange_IsRefused(string range) => Assert.Throws<FormatException>(() => NamePattern.Versions(range));

    // Expected: semver.org 2.0.0, section 11.
    [Fact]
    public void TagVersion_Order_IsThatOfTheSpecification()
    {
        string[] ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"];
        Assert.Equal(ordered, ordered.Reverse().OrderBy(TagVersion.TryParse));
    }
}
