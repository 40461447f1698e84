namespace DevOps.Pipelines.Tests;

public sealed class FilePatternsTests
{
    [Theory] // The rules in the remarks of FilePatterns, one by one.
    [InlineData("a.txt", "a.txt", true)]
    [InlineData("a.txt", "A.txt", false)]
    [InlineData("a.txt", "b/a.txt", false)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", ".txt", true)]
    [InlineData("*.txt", "a.txt.gz", false)]
    [InlineData("*.txt", "b/a.txt", false)]
    [InlineData("*", ".hidden", true)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxbyycd", false)]
    [InlineData("a**b", "axyb", true)]
    [InlineData("?.txt", "a.txt", true)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("?.txt", ".txt", false)]
    [InlineData("?.txt", "\U0001F600.txt", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[!a-c]x", "dx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("[*]x", "*x", true)]
    [InlineData("[*]x", "ax", false)]
    [InlineData("[{]x", "{x", true)]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**/*.cs", "a.cs", true)]
    [InlineData("**/*.cs", "a/b/c.cs", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "b", false)]
    [InlineData("**/a/**/b/*.c", "a/a/b/b/x.c", true)]
    [InlineData("out/**", "out", false)]
    [InlineData("out/**", "out/a/b", true)]
    [InlineData("out", "out", true)]
    [InlineData("out", "out/a/b", true)]
    [InlineData("out/", "out", false)]
    [InlineData("out/", "out/a", true)]
    [InlineData("o*", "out/a", true)]
    [InlineData("**/bin/", "src/a/bin/x.dll", true)]
    [InlineData("**/bin/", "src/a/bin", false)]
    [InlineData("./out/*.a", "out/x.a", true)]
    [InlineData(".", "anything/at/all", true)]
    [InlineData("{a,b}.txt", "a.txt", true)]
    [InlineData("{a,b}.txt", "c.txt", false)]
    [InlineData("{src,tests/unit}/*.cs", "tests/unit/a.cs", true)]
    [InlineData("x{,.gz}", "x", true)]
    [InlineData("{a,{b,c}d}", "cd", true)]
    [InlineData("..a", "..a", true)]
    public void Matches_PatternAndPath_FollowsTheRules(string pattern, string path, bool expected) =>
        Assert.Equal(expected, FilePatterns.Of(pattern).Matches(path));

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("//x")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("C:/x")]
    [InlineData("a\0b")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[z-a]")]
    [InlineData("{a,b")]
    [InlineData("a}")]
    [InlineData("{a}")]
    [InlineData("!a")]
    [InlineData("{..,a}/b")]
    [InlineData("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}")]
    public void Of_PatternThatMeansNothing_IsRefused(string pattern) => Assert.ThrowsAny<ArgumentException>(() => FilePatterns.Of(pattern));

    [Fact]
    public void Of_MoreNamesThanAWalkFollows_IsRefused() => Assert.Throws<ArgumentException>(() => FilePatterns.Of(string.Join('/', Enumerable.Repeat("a", 61))));

    [Fact]
    public void Of_NoPattern_IsRefused() => Assert.Throws<ArgumentException>(() => FilePatterns.Of());

    [Theory]
    [InlineData("out/a.dll", true)]
    [InlineData("out/a.pdb", false)]
    [InlineData("out/obj/deep/a.dll", false)]
    public void Except_Pattern_WinsAndReachesIntoDirectories(string path, bool expected) =>
        Assert.Equal(expected, FilePatterns.Of("out/**").Except("**/*.pdb", "out/obj").Matches(path));

    [Fact] // A pattern of many stars is compared in steps that do not multiply.
    public void Matches_ManyStars_Ends() => Assert.False(FilePatterns.Of(string.Concat(Enumerable.Repeat("a*", 40)) + "b").Matches(new string('a', 2000)));

    [Fact]
    public void Matches_RandomNamesAndPatterns_IsWhatTheFrameworkSays()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = Text(random, "ab*?", 1, 7);
            string name = Text(random, "ab", 1, 8);
            Assert.True(
                System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false) == FilePatterns.Of(pattern).Matches(name), $"'{pattern}' and '{name}'");
        }
    }

    private static string Text(Random random, string letters, int min, int max) =>
        string.Concat(Enumerable.Range(0, random.Next(min, max)).Select(_ => letters[random.Next(letters.Length)]));
}
