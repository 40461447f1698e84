using DevOps.Oci;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorDefinitionTests
{
    private const string Whole = """
        mirrors:
          - from: docker.io/library/alpine
            to: registry.example/mirror/alpine
            tags:
              include:
                - semver: ">=3.18.0"
                - glob: "3.*"
              exclude:
                - regex: ".*-rc\\d+"
            platforms: [linux/amd64, linux/arm64]
            attestations: leave-out
            referrers: include
            cosign-tags: include
            delete:
              max-tags: 5
          - from: source.example
            repositories:
              include: [glob: team/*]
            to: registry.example/mirror
        """;

    [Fact]
    public void Parse_Whole_IsWhatTheFluentFormMakes()
    {
        MirrorDefinition fluent = new(
            MirrorRule.ForRepository("docker.io/library/alpine", "registry.example/mirror/alpine")
                .WithTags(NameFilter.Any.Including(NamePattern.Versions(">=3.18.0"), NamePattern.Glob("3.*")).Excluding(NamePattern.RegularExpression(".*-rc\\d+")))
                .WithCopy(new()
                {
                    Platforms = PlatformSelection.NewIndex(AttestationManifests.LeaveOut, Platform.LinuxAmd64, Platform.LinuxArm64),
                    Referrers = ReferrerCopying.Include,
                    CosignTags = CosignTagCopying.Include,
                })
                .WithDeletion(new() { MaxTags = 5 }),
            MirrorRule.ForRepositories(
                RegistryAddress.Parse("source.example"), NameFilter.Any.Including(NamePattern.Glob("team/*")), RegistryAddress.Parse("registry.example"), RepositoryName.Parse("mirror")));
        Assert.Equal(fluent.Identity, MirrorDefinition.Parse(Whole).Identity);
    }

    [Theory]
    [InlineData("", 1, 1, "empty")]
    [InlineData("mirror: []", 1, 1, "'mirror' is not a known key")]
    [InlineData("mirrors:\n  - from: a.example/x\n    too: b.example/x", 3, 5, "'too' is not a known key")]
    [InlineData("mirrors:\n  - from: a.example/x", 2, 5, "'to' is missing")]
    [InlineData("mirrors:\n  - from: a.example/x:1\n    to: b.example/x", 2, 11, "Leave the tag")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/X", 3, 9, "upper")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x\n    tags: {include: [{regex: '('}]}", 4, 30, "no regular expression")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x\n    tags: {include: []}", 4, 21, "no entry")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x\n    delete: {max-tags: 0}", 4, 24, "'0'")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x\n    delete: yes", 4, 13, "expected keys")]
    [InlineData("mirrors:\n  - from: a.example/x\n    from: b.example/x", 3, 5, "second time")]
    [InlineData("mirrors: &a []", 1, 10, "anchors")]
    [InlineData("mirrors: !x []", 1, 10, "tags of YAML")]
    [InlineData("mirrors: []\n---\nmirrors: []", 2, 1, "second document")]
    [InlineData("mirrors: [", 2, 1, "")]
    [InlineData("mirrors:\n  - from: a.example/x\n    to: b.example/x\n    attestations: keep", 4, 19, "only with 'platforms'")]
    public void Parse_Mistake_IsNamedWithItsPlace(string yaml, long line, long column, string problem)
    {
        MirrorDefinitionException error = Assert.Throws<MirrorDefinitionException>(() => MirrorDefinition.Parse(yaml));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void ForRepository_ToItself_IsRefused() => Assert.Throws<FormatException>(() => MirrorRule.ForRepository("a.example/x", "a.example/x"));
}
