using DevOps.Oci;

namespace DevOps.Registry.Tests.Mirroring;

/// <summary>What results say of themselves.</summary>
public sealed class MirrorTextTests
{
    private static readonly MirrorRule Rule = MirrorRule.ForRepository("a.example/x", "b.example/x");

    [Fact]
    public void ToString_Result_CountsTagsByOutcome()
    {
        MirroredRepository one = new(RepositoryName.Parse("x"), Rule)
        {
            Tags = [Tag("1", MirrorOutcome.Failed) with { Reason = "it is down" }, Tag("2", MirrorOutcome.Copied) with { Bytes = 5 }, Tag("3", MirrorOutcome.Copied) with { Bytes = 7 }, Tag("4", MirrorOutcome.UpToDate)],
            DeletionRefusal = "The list is empty.",
        };
        MirroredRepository none = new(null, Rule) { Error = new DevOpsException("No catalog.") };
        Assert.Equal("a.example/x: 1 up to date, 2 copied, 1 failed (12 bytes), nothing removed: The list is empty.", one.ToString());
        Assert.Equal("a.example: no tags, failed: No catalog.", none.ToString());
        Assert.Equal("2 repositories: 1 up to date, 2 copied, 1 failed (12 bytes), 1 repositories failed", new MirrorResult([one, none]).ToString());
        Assert.Equal(["b.example/x:1: failed: it is down", "b.example/x:2: copied (5 bytes)", "b.example/x:3: copied (7 bytes)", "b.example/x:4: up to date"], one.Tags.Select(tag => tag.ToString()));
    }

    [Fact]
    public void ToString_SizesThatLie_AreSummedWithoutAnError() => Assert.Contains(
        $"({long.MaxValue} bytes)",
        new MirrorResult([new(null, Rule) { Tags = [Tag("1", MirrorOutcome.WouldCopy) with { Bytes = long.MaxValue }, Tag("2", MirrorOutcome.WouldCopy) with { Bytes = long.MaxValue }] }]).ToString(),
        StringComparison.Ordinal);

    [Fact]
    public void ToString_EachOutcome_HasAWordOfItsOwn() =>
        Assert.Equal(Enum.GetValues<MirrorOutcome>().Length, Enum.GetValues<MirrorOutcome>().Select(outcome => Tag("1", outcome).ToString()).Distinct().Count());

    private static MirroredTag Tag(string tag, MirrorOutcome outcome) => new(ImageReference.Parse($"a.example/x:{tag}"), ImageReference.Parse($"b.example/x:{tag}"), outcome);
}
