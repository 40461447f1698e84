namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorVersionRangeTests
{
    public static TheoryData<string> Ranges => [.. Lines.Skip(2).Select(line => line.Split('\t')[0])];

    private static string[] Lines => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Mirroring", "testdata", "npm-ranges.txt"));

    [Theory] // expected: node-semver 7.8.5, see testdata/README.md
    [MemberData(nameof(Ranges))]
    public void Versions_Range_IsSatisfiedAsByNodeSemver(string range)
    {
        string[] versions = Lines[1].Split('\t')[1].Split(' ');
        string expected = Lines.Skip(2).First(line => line.Split('\t')[0] == range).Split('\t')[1];
        NamePattern pattern = NamePattern.Versions(range);
        Assert.Equal(expected, string.Join(' ', versions.Where(pattern.IsMatch)));
    }

    [Theory]
    [InlineData("1.2.3 -")]
    [InlineData("- 1.2.3")]
    [InlineData("1.2.3 - 2.0.0 - 3.0.0")]
    [InlineData("1.2.3 - 2.0.0 <1.5.0")]
    [InlineData(">=1.0.0 - 2.0.0")]
    [InlineData("> > 1.0.0")]
    [InlineData("^")]
    [InlineData(">= || 1.x")]
    [InlineData("<>1.0.0")]
    [InlineData("==1.0.0")]
    [InlineData("1.2-beta")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("9223372036854775807.0.0")]
    [InlineData("<*")]
    [InlineData("> x")]
    public void Versions_NoRange_IsRefused(string range) => Assert.Throws<FormatException>(() => NamePattern.Versions(range));
}
