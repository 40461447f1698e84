using System.Text;
using System.Text.RegularExpressions;
using DevOps.Testing;

namespace DevOps.Oci.Tests;

public sealed partial class RepositoryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("team/api")]
    [InlineData("a/b/c/d/e")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a__b")]
    [InlineData("a-b")]
    [InlineData("a----b")]
    [InlineData("a.b_c__d-e---f")]
    [InlineData("0.0/1_1")]
    public void Parse_ValidText_KeepsIt(string text)
    {
        Assert.Equal(text, RepositoryName.Parse(text).Value);
        Assert.Equal(text, RepositoryName.Parse(text).ToString());
        Assert.True(RepositoryName.TryParse(text, out RepositoryName? name));
        Assert.Equal(RepositoryName.Parse(text), name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a-_b")]
    [InlineData("a.-b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a/B")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    [InlineData("a\\b")]
    [InlineData("a%2fb")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("\u00E4")]
    [InlineData("\u212A")]
    public void Parse_MalformedText_ThrowsFormatException(string text)
    {
        Assert.Throws<FormatException>(() => RepositoryName.Parse(text));
        Assert.False(RepositoryName.TryParse(text, out RepositoryName? name));
        Assert.Null(name);
    }

    [Theory] // expected: distribution/reference, RepositoryNameTotalLengthMax
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Parse_LongText_IsBounded(int length, bool expected) => Assert.Equal(expected, RepositoryName.TryParse(new string('a', length), out _));

    [Fact]
    public void Parse_UpperCase_MessageSaysTheRemedy() =>
        Assert.Contains("'team/api'", Assert.Throws<FormatException>(() => RepositoryName.Parse("Team/API")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Null_ThrowsArgumentNullException()
    {
        Assert.Throws<ArgumentNullException>(() => RepositoryName.Parse(null!));
        Assert.False(RepositoryName.TryParse(null, out _));
    }

    [Fact]
    public void TryParse_RandomText_AgreesWithTheSpecifiedExpression()
    {
        Random random = new(11);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => "ab0._-/A"[random.Next(8)]));
            Assert.True(Specified().IsMatch(text) == RepositoryName.TryParse(text, out _), text);
        }
    }

    [Fact]
    public void Parse_DamagedText_NothingButFormatException()
    {
        foreach (byte[] bytes in Damage.Of("team/some_service.v2/api--x"u8.ToArray(), seed: 5, count: 2000))
        {
            string text = Encoding.UTF8.GetString(bytes);
            if (!RepositoryName.TryParse(text, out _))
            {
                Assert.Throws<FormatException>(() => RepositoryName.Parse(text));
            }
        }
    }

    // OCI distribution-spec 1.1, "Pulling manifests", the expression for <name>.
    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Specified();
}
