using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Mirroring;

/// <summary>What the outside can do to a run: lists that lie or break, registries that hide what they have, rules that meet.</summary>
public sealed class MirrorSafetyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ListBreaksInItsMiddle_IsTheRepositorysErrorAndRemovesNone()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("kept", Cancellation);
        await fixture.AddAsync("old", Cancellation, fixture.Target);
        fixture.SourceHost.Faults.Add(Fault.Drop(10).On(RegistryRequestKind.Tags));

        MirrorResult result = await fixture.RunAsync(fixture.Rule.WithDeletion(new()), Cancellation);
        Assert.NotNull(Assert.Single(result.Repositories).Error);
        Assert.NotNull(result.Repositories[0].DeletionRefusal);
        Assert.Equal(["old"], await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task RunAsync_PullMirrorThatStillHasATag_IsNotAskedWhetherItIsGone()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await using RegistryHost pullMirror = await RegistryHost.StartAsync(new() { Directory = fixture.Directory.PathOf("pull") }, cancellationToken: Cancellation);
        foreach (RemoteRepository repository in (RemoteRepository[])[fixture.Source, fixture.Target, fixture.Client.GetRepository(pullMirror.Address, fixture.Source.Name)])
        {
            await fixture.AddAsync("kept", Cancellation, repository);
            await fixture.AddAsync("old", Cancellation, repository);
        }

        await fixture.Source.DeleteTagAsync("old", Cancellation);
        using RegistryClient client = new(new()
        {
            Registries = ImmutableDictionary<RegistryAddress, RegistryConnectionOptions>.Empty.Add(fixture.Source.Registry, new() { Mirrors = [new(pullMirror.Address) { Trust = MirrorTrust.Tags }] }),
        });
        MirrorResult result = await new Mirror(client).RunAsync(new(fixture.Rule.WithDeletion(new())), null, Cancellation);
        Assert.Equal("old", Assert.Single(result.Tags, tag => tag.Outcome == MirrorOutcome.Deleted).Target.Tag);
        Assert.Equal(["kept"], await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation));
    }

    // As when rights end in the middle of a run: some registries then say that nothing is there.
    [Fact]
    public async Task RunAsync_SourceHidesWhatItListed_RemovesNone()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("kept", Cancellation);
        await fixture.AddAsync("kept", Cancellation, fixture.Target);
        await fixture.AddAsync("old", Cancellation, fixture.Target);
        fixture.SourceHost.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Manifest).From(2));

        MirrorResult result = await fixture.RunAsync(fixture.Rule.WithDeletion(new()), Cancellation);
        MirroredTag refused = Assert.Single(result.Tags, tag => tag.Outcome == MirrorOutcome.DeletionRefused);
        Assert.Contains("'kept'", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(["kept", "old"], (await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation)).Order());
    }

    [Fact]
    public async Task RunAsync_TargetIsNotThereYet_IsNoRefusal()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("1", Cancellation);
        MirrorResult dry = await fixture.RunAsync(fixture.Rule.WithDeletion(new()), Cancellation, new() { Mode = MirrorMode.DryRun });
        Assert.Null(Assert.Single(dry.Repositories).DeletionRefusal);
        Assert.True(dry.IsComplete);
    }

    [Fact]
    public async Task RunAsync_TwoSourcesOfOneTarget_RemoveNothingOfEachOther()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        RemoteRepository other = fixture.Client.GetRepository(fixture.SourceHost.Address, RepositoryName.Parse("team/other"));
        await fixture.AddAsync("mine", Cancellation);
        await fixture.AddAsync("theirs", Cancellation, other);
        MirrorRule[] rules = [fixture.Rule.WithDeletion(new()), MirrorRule.ForRepository($"{other.Registry}/{other.Name}", $"{fixture.Target.Registry}/{fixture.Target.Name}").WithDeletion(new())];
        Mirror mirror = new(fixture.Client);
        await mirror.RunAsync(new(rules), null, Cancellation);

        MirrorResult again = await mirror.RunAsync(new(rules), null, Cancellation);
        Assert.Equal(2, again.Count(MirrorOutcome.UpToDate));
        Assert.All(again.Repositories, repository => Assert.Contains("the same repository", repository.DeletionRefusal, StringComparison.Ordinal));
        Assert.Equal(["mine", "theirs"], (await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation)).Order());
    }

    [Fact]
    public async Task RunAsync_CatalogRuleOverTheSameTarget_RemovesNothingOfTheOther()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        RemoteRepository other = fixture.Client.GetRepository(fixture.SourceHost.Address, RepositoryName.Parse("api"));
        await fixture.AddAsync("mine", Cancellation);
        await fixture.AddAsync("theirs", Cancellation, other);
        MirrorRule all = MirrorRule.ForRepositories(fixture.SourceHost.Address, NameFilter.Any.Including(NamePattern.Glob("api")), fixture.TargetHost.Address, RepositoryName.Parse("mirror"));
        MirrorDefinition definition = new(all, fixture.Rule.WithDeletion(new()));
        await new Mirror(fixture.Client).RunAsync(definition, null, Cancellation);
        Assert.Equal(["mine", "theirs"], (await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation)).Order());
    }

    [Fact]
    public async Task RunAsync_TwoRulesOfOneSource_StillRemove()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("1.0.0", Cancellation);
        await fixture.AddAsync("latest", Cancellation);
        await fixture.AddAsync("0.9.0", Cancellation, fixture.Target);
        MirrorDefinition definition = new(
            fixture.Rule.WithTags(NameFilter.Any.Including(NamePattern.Versions("*"))).WithDeletion(new()),
            fixture.Rule.WithTags(NameFilter.Any.Including(NamePattern.Glob("latest"))).WithDeletion(new()));
        Assert.Equal(1, (await new Mirror(fixture.Client).RunAsync(definition, null, Cancellation)).Count(MirrorOutcome.Deleted));
    }

    // The list of referrers of a registry without the interface is a tag, and so are cosign's signatures: the options for those decide, not the filter of tags.
    [Fact]
    public async Task RunAsync_TagsOfDigests_AreNoTagsOfTheRule()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await Sample.WriteImageAsync(fixture.Source, "image", Cancellation);
        ImageIndex index = ImageIndex.Create(image.Descriptor with { Platform = Platform.LinuxAmd64 });
        await fixture.Source.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), Cancellation);
        await fixture.Source.TagAsync(index.Descriptor, "1", Cancellation);
        ImageIndex referrers = ImageIndex.Create(image.Descriptor);
        await fixture.Source.WriteAsync(referrers.Descriptor, new MemoryStream(referrers.RawBytes.ToArray()), Cancellation);
        await fixture.Source.TagAsync(referrers.Descriptor, $"sha256-{index.Digest.Hex}", Cancellation);
        await fixture.Source.TagAsync(image.Descriptor, $"sha256-{index.Digest.Hex}.sig", Cancellation);

        MirrorRule rule = fixture.Rule.WithPlatforms(PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxAmd64));
        Assert.Equal("1", Assert.Single((await fixture.RunAsync(rule, Cancellation)).Tags).Source.Tag);
        Assert.Equal(["1"], await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation));

        await fixture.RunAsync(fixture.Rule.WithCopy(new() { CosignTags = CosignTagCopying.Include }), Cancellation);
        Assert.Equal(["1", $"sha256-{index.Digest.Hex}.sig"], (await fixture.Target.ListTagsAsync(Cancellation).ToListAsync(Cancellation)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_CatalogNamesARepositoryTwice_ItIsMirroredOnce()
    {
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath switch
        {
            "/v2/" => ScriptedHandler.Answer(HttpStatusCode.OK),
            "/v2/_catalog" => ScriptedHandler.Answer(HttpStatusCode.OK, """{"repositories":["a","b","a"]}"""),
            _ => ScriptedHandler.Answer(HttpStatusCode.NotFound),
        });
        using RegistryClient client = new(new() { Handler = fixture.Handler, MaxRetries = 0 });
        MirrorRule rule = MirrorRule.ForRepositories(fixture.Address, NameFilter.Any, RegistryAddress.Parse("target.example"));
        MirrorResult result = await new Mirror(client).RunAsync(new(rule), null, Cancellation);
        Assert.Equal(["a", "b"], result.Repositories.Select(repository => repository.Source?.Value));
    }

    [Fact]
    public async Task RunAsync_SizesBeyondAnySum_AreOneTagsFailure()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        Descriptor config = await Sample.WriteAsync(fixture.Source, MediaTypes.ImageConfig, Sample.Bytes("{}"), Cancellation);
        Descriptor layer = await Sample.WriteAsync(fixture.Source, MediaTypes.LayerGzip, Sample.Bytes("layer"), Cancellation);
        ImageManifest liar = ImageManifest.Create(config, layer).Edit(tree =>
        {
            tree["config"]!["size"] = long.MaxValue;
            tree["layers"]![0]!["size"] = long.MaxValue;
        });
        await fixture.Source.WriteAsync(liar.Descriptor, new MemoryStream(liar.RawBytes.ToArray()), Cancellation);
        await fixture.Source.TagAsync(liar.Descriptor, "1", Cancellation);

        MirroredTag tag = Assert.Single((await fixture.RunAsync(fixture.Rule, Cancellation, new() { Mode = MirrorMode.DryRun })).Tags);
        Assert.Equal((MirrorOutcome.WouldCopy, long.MaxValue), (tag.Outcome, tag.Bytes));
        MirroredTag failed = Assert.Single((await fixture.RunAsync(fixture.Rule, Cancellation)).Tags);
        Assert.Equal(CopySide.Source, Assert.IsType<ContentCopyException>(failed.Error).Side);
    }
}
