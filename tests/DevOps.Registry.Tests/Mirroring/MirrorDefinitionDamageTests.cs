using System.Text;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorDefinitionDamageTests
{
    private const string Whole = """
        # a mirror
        mirrors:
          - from: docker.io/library/alpine
            to: "registry.example/mirror/alpine"
            tags: {include: [{semver: ">=3.18.0"}, {glob: 3.*}], exclude: [{regex: '.*-rc\d+'}]}
            platforms: [linux/amd64, linux/arm64]
            attestations: leave-out
            delete:
              max-tags: 5
          - from: source.example:5000
            repositories:
              include: [glob: team/*]
            to: registry.example/mirror
        """;

    [Fact]
    public void Parse_CutAtEachCharacter_IsReadOrRefusedWithAPlace()
    {
        for (int length = 0; length <= Whole.Length; length++)
        {
            ReadOrRefuse(Whole[..length]);
        }
    }

    [Fact]
    public void Parse_EachCharacterReplaced_IsReadOrRefusedWithAPlace()
    {
        foreach (char c in "\0\t\n\r:-[{\"'&*!|>%@`#?,\u0085\u2028\uD800\uFEFF")
        {
            for (int at = 0; at < Whole.Length; at++)
            {
                ReadOrRefuse(Whole[..at] + c + Whole[(at + 1)..]);
            }
        }
    }

    [Fact]
    public void Parse_RandomDamage_IsReadOrRefusedWithAPlace()
    {
        foreach (byte[] damaged in Damage.Of(Encoding.UTF8.GetBytes(Whole), 11, 3000).Concat(Damage.Noise(12, 500)))
        {
            ReadOrRefuse(Encoding.UTF8.GetString(damaged));
        }
    }

    [Theory]
    [InlineData("\uFEFFmirrors: []")]
    [InlineData("mirrors: []\n...\n")]
    [InlineData("--- \nmirrors: []")]
    public void Parse_FramesOfDocuments_AreRead(string yaml) => Assert.Empty(MirrorDefinition.Parse(yaml).Rules);

    [Theory]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x:1", 3, 9, "Leave the tag")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x@sha256:1", 3, 9, "malformed digest")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x\n    tags: {include: [{semver: '1 2 -'}]}", 4, 31, "cannot be read")]
    public void Parse_Mistake_IsNamedWithItsPlace(string yaml, long line, long column, string problem)
    {
        MirrorDefinitionException error = Assert.Throws<MirrorDefinitionException>(() => MirrorDefinition.Parse(yaml));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    private static void ReadOrRefuse(string yaml)
    {
        try
        {
            _ = MirrorDefinition.Parse(yaml).Identity;
        }
        catch (MirrorDefinitionException e)
        {
            Assert.True(e.Line >= 1 && e.Column >= 1, e.Message);
        }
    }
}
