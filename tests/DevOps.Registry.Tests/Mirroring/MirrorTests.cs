using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class MirrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_EmptyTarget_CopiesWhatTheRuleChooses()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1.0.0", Cancellation);
        await fixture.AddAsync("nightly", Cancellation);

        MirrorResult result = await fixture.RunAsync(fixture.Rule.WithTags(NameFilter.Any.Including(NamePattern.Versions("^1"))), Cancellation);
        MirroredTag tag = Assert.Single(result.Tags);
        Assert.Equal((MirrorOutcome.Copied, image.Descriptor.Digest), (tag.Outcome, tag.Digest));
        Assert.True(result.IsComplete);
        Assert.Equal(["1.0.0"], await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation));
        await fixture.Target.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task RunAsync_NothingChanged_AsksOneHeadATagAndSide()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("a", Cancellation);
        await fixture.AddAsync("b", Cancellation);
        await fixture.RunAsync(fixture.Rule, Cancellation);

        fixture.Watch();
        MirrorResult result = await fixture.RunAsync(fixture.Rule, Cancellation);
        Assert.Equal(2, result.Count(MirrorOutcome.UpToDate));
        Assert.Equal(["GET Tags", "HEAD Manifest", "HEAD Manifest"], MirrorFixture.Asked(fixture.SourceHost));
        Assert.Equal(["HEAD Manifest", "HEAD Manifest"], MirrorFixture.Asked(fixture.TargetHost));
    }

    // Both ways of copying: a tag as it is, and one that is planned with what belongs to it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ContentProgress_IsToldOfEachPieceThatMoves(bool isPlanned)
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("a", Cancellation);
        RecordingProgress<ContentProgress> progress = new();
        MirrorRule rule = isPlanned ? fixture.Rule.WithCopy(fixture.Rule.Copy with { Referrers = ReferrerCopying.Include }) : fixture.Rule;

        await fixture.RunAsync(rule, Cancellation, new() { ContentProgress = progress });
        Assert.Equal(
            new[] { image.Descriptor }.Concat(image.Children).Select(content => content.Digest.ToString()).Order(StringComparer.Ordinal),
            progress.Reports.Where(report => report.Phase == ContentPhase.Copied).Select(report => report.Descriptor.Digest.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_MovedTag_IsCopiedAlone()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("a", Cancellation);
        await fixture.AddAsync("b", Cancellation);
        await fixture.RunAsync(fixture.Rule, Cancellation);
        ImageManifest moved = await fixture.AddAsync("b", Cancellation, content: "newer");

        MirrorResult result = await fixture.RunAsync(fixture.Rule, Cancellation);
        Assert.Equal([MirrorOutcome.UpToDate, MirrorOutcome.Copied], result.Tags.Select(tag => tag.Outcome));
        Assert.Equal(moved.Descriptor, await fixture.Target.ResolveAsync("b", Cancellation));
    }

    [Fact]
    public async Task RunAsync_OneTagFails_OthersArrive()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("a", Cancellation);
        await fixture.AddAsync("b", Cancellation);
        fixture.SourceHost.Faults.Add(Fault.Answer(HttpStatusCode.Forbidden).On(RegistryRequestKind.Blob).On(HttpMethod.Get).Once());

        MirrorResult result = await fixture.RunAsync(fixture.Rule, Cancellation);
        MirroredTag failed = Assert.Single(result.Tags, tag => tag.Outcome == MirrorOutcome.Failed);
        Assert.Equal(CopySide.Source, Assert.IsType<ContentCopyException>(failed.Error).Side);
        Assert.Contains("403", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(1, result.Count(MirrorOutcome.Copied));
        Assert.False(result.IsComplete);
    }

    [Fact]
    public async Task RunAsync_Platforms_JournalKnowsTheNewDigest()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageIndex index = await Sample.WriteNestedIndexAsync(fixture.Source, Cancellation);
        await fixture.Source.TagAsync(index.Manifests[0], "1", Cancellation);
        MirrorRule rule = fixture.Rule.WithPlatforms(PlatformSelection.NewIndex(AttestationManifests.LeaveOut, Platform.LinuxArm64));
        using (MirrorJournal journal = MirrorJournal.Open(fixture.Directory.PathOf("journal")))
        {
            Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation, new() { Journal = journal })).Count(MirrorOutcome.Copied));
        }

        fixture.Watch();
        using MirrorJournal reopened = MirrorJournal.Open(fixture.Directory.PathOf("journal"));
        Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation, new() { Journal = reopened })).Count(MirrorOutcome.UpToDate));
        Assert.Equal(["GET Tags", "HEAD Manifest"], MirrorFixture.Asked(fixture.SourceHost));
        Assert.Equal(["HEAD Manifest"], MirrorFixture.Asked(fixture.TargetHost));

        // Without a journal the index is read, and nothing is written.
        Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation)).Count(MirrorOutcome.UpToDate));
    }

    [Fact]
    public async Task RunAsync_NewSignatureOfAnUnchangedTag_Arrives()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        MirrorRule rule = fixture.Rule.WithCopy(new() { Referrers = ReferrerCopying.Include });
        await fixture.RunAsync(rule, Cancellation);
        Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation)).Count(MirrorOutcome.UpToDate));

        ImageManifest signature = await Sample.WriteImageAsync(fixture.Source, "signature", Cancellation, image.Descriptor);
        Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation)).Count(MirrorOutcome.Copied));
        Assert.Equal([signature.Descriptor], await fixture.Target.ListReferrersAsync(image.Descriptor.Digest, null, Cancellation).ToListAsync(Cancellation));
    }

    // As ECR does with some subjects: the image is there by then, and the next run tries the rest again.
    [Fact]
    public async Task RunAsync_TargetRefusesAReferrer_ImageIsThereAndTheRestIsTriedAgain()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        ImageManifest signature = await Sample.WriteImageAsync(fixture.Source, "signature", Cancellation, image.Descriptor);
        MirrorRule rule = fixture.Rule.WithCopy(new() { Referrers = ReferrerCopying.Include });
        fixture.TargetHost.Faults.Add(Fault.Answer(HttpStatusCode.MethodNotAllowed).On(RegistryRequestKind.Manifest).On(HttpMethod.Put).From(2));

        MirroredTag failed = Assert.Single((await fixture.RunAsync(rule, Cancellation)).Tags);
        ContentCopyException error = Assert.IsType<ContentCopyException>(failed.Error);
        Assert.Equal((CopySide.Target, signature.Descriptor), (error.Side, error.Descriptor));
        Assert.Contains("405", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(image.Descriptor, await fixture.Target.ResolveAsync("1", Cancellation));

        fixture.TargetHost.Faults.Clear();
        Assert.Equal(1, (await fixture.RunAsync(rule, Cancellation)).Count(MirrorOutcome.Copied));
        Assert.Equal([signature.Descriptor], await fixture.Target.ListReferrersAsync(image.Digest, null, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task RunAsync_DryRun_ChangesNothingAndKnowsTheBytes()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        fixture.Watch();

        MirroredTag tag = Assert.Single((await fixture.RunAsync(fixture.Rule, Cancellation, new() { Mode = MirrorMode.DryRun })).Tags);
        Assert.Equal(MirrorOutcome.WouldCopy, tag.Outcome);
        Assert.Equal(image.Descriptor.SizeBytes + image.Children.Sum(child => child.SizeBytes), tag.Bytes);
        Assert.All(fixture.TargetHost.Faults.Hits, hit => Assert.Equal("HEAD", hit.Method));
    }

    [Fact]
    public async Task RunAsync_Repositories_AreChosenFromTheCatalog()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("1", Cancellation);
        await fixture.AddAsync("1", Cancellation, fixture.Client.GetRepository(fixture.SourceHost.Address, RepositoryName.Parse("other/tool")));
        MirrorRule rule = MirrorRule.ForRepositories(
            fixture.SourceHost.Address, NameFilter.Any.Including(NamePattern.Glob("team/*")), fixture.TargetHost.Address, RepositoryName.Parse("mirror"));

        MirroredTag tag = Assert.Single((await fixture.RunAsync(rule, Cancellation)).Tags);
        Assert.Equal("mirror/team/api", tag.Target.Repository.Value);
        Assert.Equal(["mirror/team/api"], await fixture.Client.ListRepositoriesAsync(fixture.TargetHost.Address, Cancellation).Select(name => name.Value).ToListAsync(Cancellation));
    }
}
