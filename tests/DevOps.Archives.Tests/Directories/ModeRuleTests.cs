using System.Text.RegularExpressions;
using DevOps.Archives.Tar;
using DevOps.Testing;

namespace DevOps.Archives.Directories.Tests;

public sealed class ModeRuleTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("/a", "a", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("a", "A", false)]
    [InlineData("a/", "a", false)]
    [InlineData("a/", "a/", true)]
    [InlineData("a", "a/", false)]
    [InlineData("*.sh", "x.sh", true)]
    [InlineData("*.sh", ".sh", true)]
    [InlineData("*.sh", "d/x.sh", false)]
    [InlineData("**/*.sh", "x.sh", true)]
    [InlineData("**/*.sh", "d/e/x.sh", true)]
    [InlineData("a/*", "a/b", true)]
    [InlineData("a/*", "a/b/c", false)]
    [InlineData("a/*", "a", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**/", "a/b/", true)]
    [InlineData("a/**/", "a/", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("**", "a/", false)]
    [InlineData("**/", "a/b/", true)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**/z", "a/z/b", false)]
    [InlineData("**/b/**/d", "a/b/c/b/d", true)]
    [InlineData("**/b/*/d", "b/b/c/d", true)]
    [InlineData("f?", "f1", true)]
    [InlineData("f?", "f", false)]
    [InlineData("f\\*", "f*", true)]
    [InlineData("f\\*", "fx", false)]
    [InlineData("a**b", "axyb", true)]
    [InlineData("f[1]", "f[1]", true)]
    public void Matches_PatternAndPath_AreComparedNameByName(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new ModeRule(pattern, 0).Matches(new(path.TrimEnd('/'), path.EndsWith('/') ? TarMemberKind.Directory : TarMemberKind.File)));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//a")]
    [InlineData("a//b")]
    [InlineData("a//")]
    [InlineData("./a")]
    [InlineData("a/..")]
    [InlineData("a\0")]
    public void Constructor_PatternThatMatchesNothing_Throws(string pattern) => Assert.Throws<ArgumentException>(() => new ModeRule(pattern, 0));

    [Fact]
    public void Constructor_ModeOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeRule("a", -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeRule("a", 0x1000));
    }

    [Fact]
    public void Matches_Links_Never()
    {
        Assert.False(new ModeRule("**", 0).Matches(new("a", TarMemberKind.SymbolicLink)));
        Assert.False(new ModeRule("**", 0).Matches(new("a", TarMemberKind.HardLink)));
    }

    [Fact]
    public void Equals_SamePatternAndMode_AreEqual()
    {
        Assert.Equal(new ModeRule("a/*", 1), new ModeRule("a/*", 1));
        Assert.NotEqual(new ModeRule("a/*", 1), new ModeRule("a/*", 2));
        Assert.NotEqual(new ModeRule("a/*", 1), new ModeRule("/a/*", 1));
    }

    [Fact] // expected: the same patterns as regular expressions
    public void Matches_RandomPatterns_AgreeWithRegularExpressions()
    {
        Random random = new(9);
        string[] names = ["a", "b", "ab", "*", "a*", "?", "**", "**"];
        for (int i = 0; i < 5000; i++)
        {
            string[] pattern = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => names[random.Next(names.Length)])];
            string path = string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => names[random.Next(3)]));
            string regex = "^";
            for (int j = 0; j < pattern.Length; j++)
            {
                bool isLast = j == pattern.Length - 1;
                regex += pattern[j] == "**"
                    ? isLast ? "[^/]+(/[^/]+)*" : "([^/]+/)*"
                    : pattern[j].Replace("*", "[^/]*", StringComparison.Ordinal).Replace("?", "[^/]", StringComparison.Ordinal) + (isLast ? "" : "/");
            }

            bool expected = Regex.IsMatch(path, regex + "$", RegexOptions.CultureInvariant);
            Assert.True(expected == new ModeRule(string.Join('/', pattern), 0).Matches(new(path, TarMemberKind.File)), $"{string.Join('/', pattern)} and {path}");
        }
    }

    [Fact]
    public void Read_SeveralRules_LastMatchWinsOverTheBitsOnDisk()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        directory.Write("bin/run", "x");
        directory.Write("bin/data", "x");
        directory.Write("etc/secret", "x");
        directory.Link("bin/link", "run");
        DirectoryOptions options = new DirectoryOptions { Root = "/srv" }.WithMode("**", 0x124).WithMode("srv/bin/*", 0x16D).WithMode("/srv/bin/run", 0x9ED).WithMode("**/etc/", 0x1C0).WithMode("srv/", 0x1E8);
        Dictionary<string, string> modes = DirectoryReader.Read(directory.Path, options).ToDictionary(item => item.Member.Path, item => Convert.ToString(item.Member.Mode, 8));
        Assert.Equal(("750", "755", "4755", "555", "777", "700", "444"), (modes["srv"], modes["srv/bin"], modes["srv/bin/run"], modes["srv/bin/data"], modes["srv/bin/link"], modes["srv/etc"], modes["srv/etc/secret"]));
    }
}
