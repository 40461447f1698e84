using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing.Content;

namespace DevOps.Registry.Tests.Copying;

public sealed class CopyPlanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlanCopyAsync_EmptyTarget_MovesEverythingAndWritesNothing()
    {
        MemoryStore source = new();
        TestStore target = new();
        ImageIndex index = await Sample.WriteNestedIndexAsync(source, Cancellation);

        CopyPlan plan = await source.PlanCopyAsync(index.Descriptor, target, "1", cancellationToken: Cancellation);
        Assert.Empty(target.Written);
        Assert.Equal(8, plan.Moves.Length);
        Assert.Equal(index.Descriptor, plan.Moves[^1]);
        Assert.Empty(plan.Held);

        CopyResult result = await plan.ExecuteAsync(cancellationToken: Cancellation);
        Assert.Equal(plan.MoveBytes, result.CopiedBytes);
        Assert.Equal(plan.Moves.ToHashSet(), result.Copied.ToHashSet());
        Assert.Equal(index.Descriptor, target.Tags["1"]);
    }

    [Fact]
    public async Task PlanCopyAsync_PartlyHeldTarget_MovesOnlyWhatIsMissing()
    {
        MemoryStore source = new();
        MemoryStore target = new();
        ImageIndex index = await Sample.WriteNestedIndexAsync(source, Cancellation);
        ImageManifest one = await Sample.WriteImageAsync(target, "one", Cancellation);

        CopyPlan plan = await source.PlanCopyAsync(index.Descriptor, target, cancellationToken: Cancellation);
        Assert.Equal(new HashSet<Descriptor>([one.Descriptor, .. one.Children]), plan.Held.ToHashSet());
        Assert.Equal(5, plan.Moves.Length);
        Assert.Equal(plan.MoveBytes, (await plan.ExecuteAsync(cancellationToken: Cancellation)).CopiedBytes);
        Assert.Equal(0, (await source.PlanCopyAsync(index.Descriptor, target, cancellationToken: Cancellation)).MoveBytes);
    }

    [Fact]
    public async Task PlanCopyAsync_Blobs_AreNotReadForThePlan()
    {
        TestStore source = new();
        ImageManifest image = AddImage(source, "x");

        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, new MemoryStore(), cancellationToken: Cancellation);
        Assert.Equal([image.Descriptor], source.Logged(StoreOperation.OpenRead));
        await plan.ExecuteAsync(cancellationToken: Cancellation);

        // The manifest was kept: only the two blobs are read on top.
        Assert.Equal(3, source.Logged(StoreOperation.OpenRead).Count);
    }

    [Fact]
    public async Task PlanCopyAsync_WithinARegistry_PlansMounts()
    {
        await using OpenStore open = await OpenStore.OpenAsync(StoreKind.EmbeddedRegistry, Cancellation);
        RemoteRepository source = (RemoteRepository)open.Store;
        ImageManifest image = await Sample.WriteImageAsync(source, "shared", Cancellation);
        using RegistryClient client = new();
        RemoteRepository target = client.GetRepository(source.Registry, RepositoryName.Parse("elsewhere"));

        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, target, "1", cancellationToken: Cancellation);
        Assert.Equal(image.Children.ToHashSet(), plan.Mounts.ToHashSet());
        Assert.Equal([image.Descriptor], plan.Moves);
        CopyResult result = await plan.ExecuteAsync(cancellationToken: Cancellation);
        Assert.Equal(plan.Mounts.ToHashSet(), result.Mounted.ToHashSet());
    }

    [Fact]
    public async Task PlanCopyAsync_NewIndex_KeepsOtherMembersAndLeavesOutTheRest()
    {
        TestStore source = new();
        (ImageIndex index, ImageManifest amd64, _, ImageManifest attestation) = AddIndex(source);
        MemoryStore target = new();

        CopyPlan plan = await source.PlanCopyAsync(
            index.Descriptor, target, "1", new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxAmd64) }, Cancellation);
        Assert.Equal(index.Descriptor, plan.SourceRoot);
        Assert.NotEqual(index.Descriptor, plan.Root);
        Assert.Equal([Platform.LinuxAmd64], plan.Platforms);
        Assert.Equal(2, plan.LeftOut.Length);

        await plan.ExecuteAsync(cancellationToken: Cancellation);
        ImageIndex written = (ImageIndex)await target.ReadManifestAsync((await target.ResolveAsync("1", Cancellation))!, Cancellation);
        Assert.Equal([amd64.Descriptor, attestation.Descriptor], written.Manifests);
        Assert.Equal("kept", written.Annotations["note"]);
        await target.VerifyAsync(written.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PlanCopyAsync_AttestationsLeftOut_AreNotCopied()
    {
        TestStore source = new();
        (ImageIndex index, ImageManifest amd64, _, ImageManifest attestation) = AddIndex(source);

        CopyPlan plan = await source.PlanCopyAsync(
            index.Descriptor, new MemoryStore(), null, new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.LeaveOut, Platform.LinuxAmd64) }, Cancellation);
        Assert.Contains(amd64.Descriptor, plan.Moves);
        Assert.DoesNotContain(attestation.Descriptor, plan.Moves);
    }

    [Fact]
    public async Task PlanCopyAsync_AllPlatformsChosen_KeepsTheDigest()
    {
        MemoryStore source = new();
        ImageIndex index = await Sample.WriteNestedIndexAsync(source, Cancellation);
        Descriptor inner = index.Manifests[0];

        CopyPlan plan = await source.PlanCopyAsync(
            inner, new MemoryStore(), null, new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxAmd64, Platform.LinuxArm64) }, Cancellation);
        Assert.Equal(inner, plan.Root);
        Assert.Empty(plan.LeftOut);
    }

    [Fact]
    public async Task PlanCopyAsync_NestedIndex_NarrowsTheInnerOne()
    {
        MemoryStore source = new();
        MemoryStore target = new();
        ImageIndex index = await Sample.WriteNestedIndexAsync(source, Cancellation);

        CopyPlan plan = await source.PlanCopyAsync(
            index.Descriptor, target, "1", new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxArm64) }, Cancellation);
        await plan.ExecuteAsync(cancellationToken: Cancellation);
        ImageIndex outer = (ImageIndex)await target.ReadManifestAsync(plan.Root, Cancellation);
        ImageIndex inner = (ImageIndex)await target.ReadManifestAsync(Assert.Single(outer.Manifests), Cancellation);
        Assert.Equal(Platform.LinuxArm64, Assert.Single(inner.Manifests).Platform);
        await target.VerifyAsync(outer.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PlanCopyAsync_Image_IsCopiedWithItsOwnDigest()
    {
        TestStore source = new();
        (ImageIndex index, _, ImageManifest arm64, _) = AddIndex(source);

        CopyPlan plan = await source.PlanCopyAsync(index.Descriptor, new MemoryStore(), null, new() { Platforms = PlatformSelection.Image(Platform.LinuxArm64) }, Cancellation);
        Assert.Equal(arm64.Descriptor, plan.Root);
        Assert.Equal([Platform.LinuxArm64], plan.Platforms);
    }

    [Fact]
    public async Task PlanCopyAsync_NoSuchPlatform_SaysWhichThereAre()
    {
        TestStore source = new();
        (ImageIndex index, _, _, _) = AddIndex(source);

        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => source.PlanCopyAsync(
            index.Descriptor, new MemoryStore(), null, new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.Keep, new Platform("linux", "s390x")) }, Cancellation));
        Assert.Contains("linux/s390x", error.Message, StringComparison.Ordinal);
        Assert.Contains("linux/amd64, linux/arm64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanCopyAsync_ReferrersAndCosignTags_GoAlongAfterTheirSubject()
    {
        await using OpenStore from = await OpenStore.OpenAsync(StoreKind.EmbeddedRegistry, Cancellation);
        await using OpenStore to = await OpenStore.OpenAsync(StoreKind.EmbeddedRegistry, Cancellation);
        RemoteRepository source = (RemoteRepository)from.Store;
        RemoteRepository target = (RemoteRepository)to.Store;
        ImageManifest image = await Sample.WriteImageAsync(source, "image", Cancellation);
        ImageManifest bill = await Sample.WriteImageAsync(source, "bill of materials", Cancellation, image.Descriptor);
        ImageManifest signedBill = await Sample.WriteImageAsync(source, "signature of the bill", Cancellation, bill.Descriptor);
        ImageManifest signature = await Sample.WriteImageAsync(source, "signature", Cancellation);
        string tag = image.Descriptor.Digest.ToString().Replace(':', '-') + ".sig";
        await source.TagAsync(signature.Descriptor, tag, Cancellation);

        CopyPlan plan = await source.PlanCopyAsync(
            image.Descriptor, target, "1", new() { Referrers = ReferrerCopying.Include, CosignTags = CosignTagCopying.Include }, Cancellation);
        Assert.Equal(
            [(image.Descriptor, "1"), (bill.Descriptor, null), (signature.Descriptor, tag), (signedBill.Descriptor, null)],
            plan.Roots.Select(root => (root.Descriptor, root.Tag)));

        CopyResult result = await plan.ExecuteAsync(cancellationToken: Cancellation);
        Assert.Equal(plan.MoveBytes, result.CopiedBytes);
        Assert.Equal(signature.Descriptor, await target.ResolveAsync(tag, Cancellation));
        Assert.Equal([bill.Descriptor], await target.ListReferrersAsync(image.Descriptor.Digest, null, Cancellation).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(CopySide.Source)]
    [InlineData(CopySide.Target)]
    public async Task PlanCopyAsync_FailingEnd_IsNamed(CopySide side)
    {
        TestStore source = new();
        TestStore target = new();
        ImageManifest image = AddImage(source, "x");
        (side == CopySide.Source ? source : target).Before = (_, _, _) => throw new IOException("broken");

        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => source.PlanCopyAsync(image.Descriptor, target, cancellationToken: Cancellation));
        Assert.Equal(side, error.Side);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PlanCopyAsync_IndexesThatMultiply_AreLookedAtOnce(bool isSingle)
    {
        // Six levels that each name the next a hundred times: ten thousand million ways to the end, in a few kilobytes.
        TestStore source = new();
        Descriptor root = AddImage(source, "x").Descriptor with { Platform = Platform.LinuxArm64 };
        for (int level = 0; level < 6; level++)
        {
            ImageIndex index = ImageIndex.Create(Enumerable.Repeat(root, 100));
            root = source.Add(index);
        }

        CopyPlanOptions options = new()
        {
            Copy = new() { MaxContents = 1000 },
            Platforms = isSingle ? PlatformSelection.Image(Platform.LinuxAmd64) : PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxAmd64),
        };
        await Assert.ThrowsAsync<DevOpsException>(() => source.PlanCopyAsync(root, new MemoryStore(), null, options, Cancellation));
        Assert.Equal(6, source.Logged(StoreOperation.OpenRead).Count);

        // A copy goes each way once.
        Assert.Equal(9, (await source.CopyAsync(root, new MemoryStore(), options: options.Copy, cancellationToken: Cancellation)).Copied.Length);
    }

    [Fact]
    public async Task PlanCopyAsync_SourceWithoutReferrers_IsRefusedBeforeAnythingIsAsked() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            new TestStore().PlanCopyAsync(Descriptor.EmptyJson, new MemoryStore(), null, new() { Referrers = ReferrerCopying.Include }, Cancellation));

    private static (ImageIndex Index, ImageManifest Amd64, ImageManifest Arm64, ImageManifest Attestation) AddIndex(TestStore store)
    {
        ImageManifest amd64 = AddImage(store, "amd64");
        ImageManifest arm64 = AddImage(store, "arm64");
        ImageManifest attestation = AddImage(store, "of amd64");
        ImageManifest other = AddImage(store, "of arm64");
        ImageIndex index = ImageIndex.Create(
            amd64.Descriptor with { Platform = Platform.LinuxAmd64 }, arm64.Descriptor with { Platform = Platform.LinuxArm64 }, About(attestation, amd64), About(other, arm64))
            .Edit(tree => tree["annotations"] = new JsonObject { ["note"] = "kept" });
        store.Add(index);
        return (index, amd64, arm64, attestation);
    }

    private static Descriptor About(ImageManifest attestation, ImageManifest image) => attestation.Descriptor with
    {
        Platform = new("unknown", "unknown"),
        Annotations = attestation.Descriptor.Annotations.Add("vnd.docker.reference.type", "attestation-manifest").Add("vnd.docker.reference.digest", image.Descriptor.Digest.ToString()),
    };

    private static ImageManifest AddImage(TestStore store, string name)
    {
        ImageManifest manifest = ImageManifest.Create(
            store.Add(MediaTypes.ImageConfig, Sample.Bytes($$$"""{"architecture":"amd64","os":"linux","author":"{{{name}}}","rootfs":{"type":"layers","diff_ids":[]}}""")),
            store.Add(MediaTypes.LayerGzip, Sample.Bytes(name)));
        store.Add(manifest);
        return manifest;
    }
}
