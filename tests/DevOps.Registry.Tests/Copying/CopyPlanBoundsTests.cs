using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing.Content;

namespace DevOps.Registry.Tests.Copying;

public sealed class CopyPlanBoundsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlanCopyAsync_SizesBeyondAnySum_AreTheGreatestNumber()
    {
        TestStore source = new();
        ImageManifest image = ImageManifest.Create(
            new(MediaTypes.ImageConfig, Digest.Compute("config"u8), long.MaxValue), new Descriptor(MediaTypes.LayerGzip, Digest.Compute("layer"u8), long.MaxValue));
        source.Add(image);
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, new MemoryStore(), cancellationToken: Cancellation);
        Assert.Equal(long.MaxValue, plan.MoveBytes);
    }

    [Fact]
    public async Task PlanCopyAsync_EmbeddedData_IsNotKept()
    {
        TestStore source = new();
        byte[] bytes = new byte[1 << 20];
        Descriptor layer = source.Add(MediaTypes.LayerGzip, bytes) with { Data = bytes };
        ImageManifest image = ImageManifest.Create(source.Add(MediaTypes.ImageConfig, Sample.Bytes("{}")), layer);
        source.Add(image);
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, new MemoryStore(), cancellationToken: Cancellation);
        Assert.All(plan.Moves, content => Assert.Null(content.Data));
        Assert.All((await plan.ExecuteAsync(cancellationToken: Cancellation)).Copied, content => Assert.Null(content.Data));
    }

    // Notation and ORAS wrote such manifests before the image-spec 1.1; they are no blobs and cannot be looked into.
    [Fact]
    public async Task PlanCopyAsync_ReferrerOfAnotherKind_IsNamed()
    {
        ListingStore source = new();
        ImageManifest image = ImageManifest.Create(source.Add(MediaTypes.ImageConfig, Sample.Bytes("{}")));
        source.Add(image);
        source.Referrer = source.Add("application/vnd.oci.artifact.manifest.v1+json", Sample.Bytes("{}"));
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(
            () => source.PlanCopyAsync(image.Descriptor, new MemoryStore(), null, new() { Referrers = ReferrerCopying.Include }, Cancellation));
        Assert.Equal((CopySide.Source, source.Referrer), (error.Side, error.Descriptor));
        Assert.Contains("application/vnd.oci.artifact.manifest.v1+json", error.Message, StringComparison.Ordinal);
    }

    private sealed class ListingStore : TestStore, IReferrerLister
    {
        internal Descriptor? Referrer { get; set; }

        public async IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, string? artifactType = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return Referrer!;
        }
    }
}
