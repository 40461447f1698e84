using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class SemanticVersionTests
{
    [Theory] // Expected: semver.org 2.0.0, the examples of the text and of the FAQ's expression that fit.
    [InlineData("0.0.4")]
    [InlineData("1.2.3")]
    [InlineData("10.20.30")]
    [InlineData("1.1.2-prerelease+meta")]
    [InlineData("1.1.2+meta")]
    [InlineData("1.1.2+meta-valid")]
    [InlineData("1.0.0-alpha")]
    [InlineData("1.0.0-alpha.1")]
    [InlineData("1.0.0-0.3.7")]
    [InlineData("1.0.0-x.7.z.92")]
    [InlineData("1.0.0-x-y-z.--")]
    [InlineData("1.0.0-alpha+001")]
    [InlineData("1.0.0+20130313144700")]
    [InlineData("1.0.0-beta+exp.sha.5114f85")]
    [InlineData("1.0.0+21AF26D3----117B344092BD")]
    [InlineData("1.0.0-alpha0.valid")]
    [InlineData("1.0.0-rc.1+build.123")]
    [InlineData("2.0.1-alpha.1227")]
    [InlineData("1.2.3----RC-SNAPSHOT.12.9.1--.12")]
    [InlineData("1.2.3----R-S.12.9.1--.12+meta")]
    [InlineData("1.0.0-0A.is.legal")]
    [InlineData("1.0.0-99999999999999999999999")]
    [InlineData("9223372036854775807.0.0")]
    public void Parse_Valid_ReadsBackTheSame(string text)
    {
        SemanticVersion version = SemanticVersion.Parse(text);
        Assert.Equal(text, version.ToString());
        Assert.Equal(version, SemanticVersion.Parse(version.ToString()));
        Assert.Equal(version.GetHashCode(), SemanticVersion.Parse(text).GetHashCode());
    }

    [Theory] // Expected: as above; the last ones have a number beyond what is taken here.
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3-0123")]
    [InlineData("1.2.3-0123.0123")]
    [InlineData("1.1.2+.123")]
    [InlineData("+invalid")]
    [InlineData("-invalid")]
    [InlineData("alpha")]
    [InlineData("1.0.0-alpha_beta")]
    [InlineData("1.0.0-alpha..1")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0+")]
    [InlineData("01.1.1")]
    [InlineData("1.01.1")]
    [InlineData("1.1.01")]
    [InlineData("1.2.3.DEV")]
    [InlineData("1.2-SNAPSHOT")]
    [InlineData("1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788")]
    [InlineData("-1.0.3-gamma+b7718")]
    [InlineData("+justmeta")]
    [InlineData("9.8.7+meta+meta")]
    [InlineData("9.8.7-whatever+meta+meta")]
    [InlineData("v1.2.3")]
    [InlineData(" 1.2.3")]
    [InlineData("1.2.3\n")]
    [InlineData("1.2.3-é")]
    [InlineData("\u0661.2.3")]
    [InlineData("99999999999999999999999.0.0")]
    public void Parse_Invalid_IsRefused(string text)
    {
        Assert.False(SemanticVersion.TryParse(text, out SemanticVersion? version));
        Assert.Null(version);
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => SemanticVersion.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact] // Expected: semver.org 2.0.0, sections 11.2 and 11.4 and their examples.
    public void Precedence_Examples_AreInOrder()
    {
        string[] ordered =
        [
            "0.9.9", "1.0.0-0", "1.0.0-1", "1.0.0-2", "1.0.0-11", "1.0.0-99999999999999999999999", "1.0.0-A", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
            "2.0.0", "2.1.0", "2.1.1", "2.10.0", "10.0.0",
        ];
        SemanticVersion[] versions = [.. ordered.Select(SemanticVersion.Parse)];
        for (int i = 0; i < versions.Length; i++)
        {
            for (int j = 0; j < versions.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(SemanticVersion.Precedence.Compare(versions[i], versions[j])));
            }
        }
    }

    [Fact] // Expected: section 10: build metadata must be ignored.
    public void Precedence_Metadata_DoesNotCount()
    {
        SemanticVersion first = SemanticVersion.Parse("1.0.0+1");
        SemanticVersion second = SemanticVersion.Parse("1.0.0+2");
        Assert.Equal(0, SemanticVersion.Precedence.Compare(first, second));
        Assert.NotEqual(first, second);
        Assert.True(SemanticVersion.Precedence.Compare(null, first) < 0);
    }

    [Fact]
    public void Parts_Wrong_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SemanticVersion(0, -1, 0));
        Assert.Throws<ArgumentException>(() => new SemanticVersion(1, 0, 0) { Prerelease = ["01"] });
        Assert.Throws<ArgumentException>(() => new SemanticVersion(1, 0, 0) { Prerelease = [""] });
        Assert.Throws<ArgumentException>(() => new SemanticVersion(1, 0, 0) { Metadata = ["a.b"] });
        Assert.Throws<ArgumentException>(() => new SemanticVersion(1, 0, 0) { Metadata = [null!] });
        Assert.Equal("1.0.0-a.0+01", new SemanticVersion(1, 0, 0) { Prerelease = ["a", "0"], Metadata = ["01"] }.ToString());
    }

    [Fact]
    public void TryParse_Damaged_NeverFailsOtherwise()
    {
        foreach (byte[] bytes in Damage.Of("1.20.300-alpha.1.x-y+build.007"u8.ToArray(), 3, 3000))
        {
            string text = Encoding.UTF8.GetString(bytes);
            if (SemanticVersion.TryParse(text, out SemanticVersion? version))
            {
                Assert.Equal(text, version.ToString());
            }
        }
    }
}
