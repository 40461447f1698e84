using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing.Content;

namespace DevOps.Registry.Tests.Copying;

public sealed class IndexNarrowingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Six times as many ways down at each level: each index is looked at once all the same.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PlanCopyAsync_ManyWaysToOneIndex_LooksAtItOnce(bool oneImage)
    {
        TestStore source = new();
        ImageManifest amd64 = AddImage(source, "amd64");
        ImageManifest arm64 = AddImage(source, "arm64");
        ImageIndex index = Add(source, ImageIndex.Create(amd64.Descriptor with { Platform = Platform.LinuxAmd64 }, arm64.Descriptor with { Platform = Platform.LinuxArm64 }));
        for (int level = 1; level < 7; level++)
        {
            index = Add(source, ImageIndex.Create(Enumerable.Repeat(index.Descriptor, 6)));
        }

        Platform asked = oneImage ? new("linux", "s390x") : Platform.LinuxAmd64;
        CopyPlanOptions options = new() { Platforms = oneImage ? PlatformSelection.Image(asked) : PlatformSelection.NewIndex(AttestationManifests.Keep, asked) };
        if (oneImage)
        {
            DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => source.PlanCopyAsync(index.Descriptor, new MemoryStore(), null, options, Cancellation));
            Assert.Contains("linux/amd64, linux/arm64", error.Message, StringComparison.Ordinal);
        }
        else
        {
            CopyPlan plan = await source.PlanCopyAsync(index.Descriptor, new MemoryStore(), null, options, Cancellation);
            Assert.Equal([arm64.Descriptor], plan.LeftOut);
        }
    }

    [Fact]
    public async Task PlanCopyAsync_NestedIndexWithEmbeddedData_IsReplacedWithoutTheOldData()
    {
        TestStore source = new();
        MemoryStore target = new();
        ImageManifest amd64 = AddImage(source, "amd64");
        ImageManifest arm64 = AddImage(source, "arm64");
        ImageIndex inner = Add(source, ImageIndex.Create(amd64.Descriptor with { Platform = Platform.LinuxAmd64 }, arm64.Descriptor with { Platform = Platform.LinuxArm64 }));
        ImageIndex outer = Add(source, ImageIndex.Create(inner.Descriptor with { Data = inner.RawBytes, Annotations = inner.Descriptor.Annotations.Add("note", "kept") }));

        CopyPlan plan = await source.PlanCopyAsync(outer.Descriptor, target, null, new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.LinuxArm64) }, Cancellation);
        await plan.ExecuteAsync(cancellationToken: Cancellation);
        Descriptor entry = Assert.Single(((ImageIndex)await target.ReadManifestAsync(plan.Root, Cancellation)).Manifests);
        Assert.Null(entry.Data);
        Assert.Equal("kept", entry.Annotations["note"]);
        await target.VerifyAsync(plan.Root, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PlanCopyAsync_ImageOfANestedIndex_LeavesOutAllOthers()
    {
        TestStore source = new();
        ImageManifest amd64 = AddImage(source, "amd64");
        ImageManifest arm64 = AddImage(source, "arm64");
        ImageManifest other = AddImage(source, "s390x");
        ImageIndex inner = Add(source, ImageIndex.Create(amd64.Descriptor with { Platform = Platform.LinuxAmd64 }, arm64.Descriptor with { Platform = Platform.LinuxArm64 }));
        ImageIndex outer = Add(source, ImageIndex.Create(inner.Descriptor, other.Descriptor with { Platform = new("linux", "s390x") }));

        CopyPlan plan = await source.PlanCopyAsync(outer.Descriptor, new MemoryStore(), null, new() { Platforms = PlatformSelection.Image(Platform.LinuxArm64) }, Cancellation);
        Assert.Equal(arm64.Descriptor, plan.Root);
        Assert.Equal(new HashSet<Descriptor>([amd64.Descriptor, other.Descriptor]), plan.LeftOut.ToHashSet());
    }

    [Theory] // expected: OCI image-spec 1.1, image-index.md: a variant that is asked for is the one that comes
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("linux/arm", "linux/arm/v6 linux/arm/v7")]
    [InlineData("linux/arm64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/amd64", "linux/amd64 linux/amd64/v3")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("linux/amd64/v1", "linux/amd64 linux/amd64/v3")]
    public async Task PlanCopyAsync_Variant_IsMatched(string asked, string chosen)
    {
        TestStore source = new();
        string[] offered = ["linux/amd64", "linux/amd64/v3", "linux/arm/v6", "linux/arm/v7", "linux/arm64/v8"];
        ImageIndex index = Add(source, ImageIndex.Create(offered.Select(platform => AddImage(source, platform).Descriptor with { Platform = Platform.Parse(platform) })));
        CopyPlan plan = await source.PlanCopyAsync(index.Descriptor, new MemoryStore(), null, new() { Platforms = PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.Parse(asked)) }, Cancellation);
        Assert.Equal(chosen, string.Join(' ', plan.Platforms));
    }

    private static ImageIndex Add(TestStore store, ImageIndex index)
    {
        store.Add(index);
        return index;
    }

    private static ImageManifest AddImage(TestStore store, string name)
    {
        ImageManifest manifest = ImageManifest.Create(store.Add(MediaTypes.ImageConfig, Sample.Bytes($$"""{"author":"{{name}}"}""")), store.Add(MediaTypes.LayerGzip, Sample.Bytes(name)));
        store.Add(manifest);
        return manifest;
    }
}
