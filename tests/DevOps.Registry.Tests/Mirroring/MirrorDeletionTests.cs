using System.Net;
using DevOps.Registry.Server;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorDeletionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_TagGoneFromSource_StaysWithoutOptIn()
    {
        await using MirrorFixture fixture = await StartAsync("old");
        await fixture.RunAsync(fixture.Rule, Cancellation);
        Assert.Equal(["kept", "old"], await TagsAsync(fixture));
    }

    [Fact]
    public async Task RunAsync_TagGoneFromSource_IsRemovedByOptIn()
    {
        await using MirrorFixture fixture = await StartAsync("old");
        MirrorRule rule = fixture.Rule.WithDeletion(new());
        MirrorResult dry = await fixture.RunAsync(rule, Cancellation, new() { Mode = MirrorMode.DryRun });
        Assert.Equal("old", Assert.Single(dry.Tags, tag => tag.Outcome == MirrorOutcome.WouldDelete).Target.Tag);
        Assert.Equal(["kept", "old"], await TagsAsync(fixture));

        Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation)).Count(MirrorOutcome.Deleted));
        Assert.Equal(["kept"], await TagsAsync(fixture));
    }

    [Fact]
    public async Task RunAsync_TagsOutsideTheRuleAndOfDigests_Stay()
    {
        string signature = $"sha256-{new string('a', 64)}.sig";
        await using MirrorFixture fixture = await StartAsync("mine", signature);
        await fixture.RunAsync(fixture.Rule.WithDeletion(new()).WithTags(NameFilter.Any.Excluding(NamePattern.Glob("mine"))), Cancellation);
        Assert.Equal(["kept", "mine", signature], await TagsAsync(fixture));
    }

    [Fact]
    public async Task RunAsync_MoreThanTheMaximum_RemovesNone()
    {
        await using MirrorFixture fixture = await StartAsync("old1", "old2", "old3");
        MirrorResult result = await fixture.RunAsync(fixture.Rule.WithDeletion(new() { MaxTags = 2 }), Cancellation);
        Assert.Equal(3, result.Count(MirrorOutcome.DeletionRefused));
        Assert.Contains("at most 2", Assert.Single(result.Repositories).DeletionRefusal, StringComparison.Ordinal);
        Assert.False(result.IsComplete);
        Assert.Equal(4, (await TagsAsync(fixture)).Count);
    }

    [Fact]
    public async Task RunAsync_NoChosenTagAtTheSource_RemovesNone()
    {
        await using MirrorFixture fixture = await StartAsync("old");
        await fixture.Source.DeleteTagAsync("kept", Cancellation);
        MirrorResult result = await fixture.RunAsync(fixture.Rule.WithDeletion(new()), Cancellation);
        Assert.NotNull(Assert.Single(result.Repositories).DeletionRefusal);
        Assert.Equal(["kept", "old"], await TagsAsync(fixture));
    }

    [Fact]
    public async Task RunAsync_SourceListFails_RemovesNone()
    {
        await using MirrorFixture fixture = await StartAsync("old");
        fixture.SourceHost.Faults.Add(Fault.Answer(HttpStatusCode.InternalServerError).On(RegistryRequestKind.Tags));
        MirrorResult result = await fixture.RunAsync(fixture.Rule.WithDeletion(new()), Cancellation);
        Assert.IsType<RegistryException>(Assert.Single(result.Repositories).Error);
        Assert.Contains("could not be read to its end", result.Repositories[0].DeletionRefusal, StringComparison.Ordinal);
        fixture.SourceHost.Faults.Clear();
        Assert.Equal(["kept", "old"], await TagsAsync(fixture));
    }

    [Fact]
    public async Task RunAsync_TargetForbidsDeletion_SaysSo()
    {
        await using MirrorFixture fixture = await StartAsync("old");
        fixture.TargetHost.Faults.Add(Fault.Answer(HttpStatusCode.MethodNotAllowed).On(HttpMethod.Delete));
        MirroredTag failed = Assert.Single((await fixture.RunAsync(fixture.Rule.WithDeletion(new()), Cancellation)).Tags, tag => tag.Outcome == MirrorOutcome.Failed);
        Assert.Contains("405", failed.Reason, StringComparison.Ordinal);
    }

    // The source has "kept"; the target has it too, and those of old.
    private static async Task<MirrorFixture> StartAsync(params string[] old)
    {
        MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("kept", Cancellation);
        foreach (string tag in (string[])["kept", .. old])
        {
            await fixture.AddAsync(tag, Cancellation, fixture.Target, "kept");
        }

        return fixture;
    }

    private static async Task<List<string>> TagsAsync(MirrorFixture fixture) =>
        [.. (await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation)).Order(StringComparer.Ordinal)];
}
