using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Mirroring;

namespace DevOps.Registry.Tests.Copying;

/// <summary>Copies from reference to reference in one call.</summary>
public sealed class ReferenceCopyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "latest")]
    [InlineData(":2", "2")]
    public async Task CopyAsync_References_CopiesAndTags(string name, string tag)
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        CopyResult copy = await fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, name), cancellationToken: Cancellation);
        Assert.Equal((image.Digest, 3), (copy.Root.Digest, copy.Copied.Length));
        Assert.Equal(image.Digest, (await fixture.Target.ResolveAsync(tag, Cancellation))?.Digest);
        Assert.Equal($"{image.Digest}: 3 moved ({copy.CopiedBytes} bytes), 0 mounted, 0 held already", copy.ToString());

        copy = await fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, name), cancellationToken: Cancellation);
        Assert.Equal($"{image.Digest}: 0 moved (0 bytes), 0 mounted, 3 held already", copy.ToString());
    }

    [Fact]
    public async Task CopyAsync_DigestAtTheTarget_MustBeWhatArrives()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        Digest other = Digest.Compute("other"u8);
        fixture.Watch();
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, $"@{other}"), cancellationToken: Cancellation));
        Assert.Contains($"The target names {other}, and {image.Digest} would arrive.", error.Message, StringComparison.Ordinal);
        Assert.Empty(MirrorFixture.Asked(fixture.TargetHost));

        await fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, $"@{image.Digest}"), cancellationToken: Cancellation);
        Assert.True(await fixture.Target.ContainsAsync(image.Descriptor, Cancellation));
        Assert.Null(await fixture.Target.ResolveAsync("latest", Cancellation));
    }

    [Fact]
    public async Task CopyAsync_Referrers_GoAlongAsPlanned()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        await Sample.WriteImageAsync(fixture.Source, "a signature", Cancellation, image.Descriptor);
        CopyPlan plan = await fixture.Client.PlanCopyAsync(Source(fixture, ":1"), Target(fixture, ":1"), new() { Referrers = ReferrerCopying.Include }, Cancellation);
        Assert.Equal($"{image.Digest}: 6 to move ({plan.MoveBytes} bytes), 0 to mount (0 bytes), 0 held already (0 bytes)", plan.ToString());
        Assert.Equal($"{image.Digest} as '1' (Asked)", plan.Roots[0].ToString());
        await fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, ":1"), new() { Referrers = ReferrerCopying.Include }, cancellationToken: Cancellation);
        Assert.Single(await fixture.Target.ListReferrersAsync("1", cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task CopyAsync_NoSuchImage_IsNotFound()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, ":1"), cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => fixture.Client.CopyAsync(null!, Target(fixture, ":1"), cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => fixture.Client.CopyAsync(Source(fixture, ":1"), null!, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task CopyAsync_Refused_NamesTheContentOnce()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        fixture.TargetHost.Faults.Add(Server.Fault.Answer(System.Net.HttpStatusCode.Forbidden).On(Server.RegistryRequestKind.Upload));
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => fixture.Client.CopyAsync(Source(fixture, ":1"), Target(fixture, ":1"), cancellationToken: Cancellation));
        Assert.StartsWith($"Copying failed at the target: Could not push {error.Descriptor.Digest} at ", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Message.Split(error.Descriptor.Digest.ToString()).Length);
        Assert.NotEqual(image.Digest, error.Descriptor.Digest);
    }

    private static ImageReference Source(MirrorFixture fixture, string end) => ImageReference.Parse($"{fixture.Source.Registry}/{fixture.Source.Name}{end}");

    private static ImageReference Target(MirrorFixture fixture, string end) => ImageReference.Parse($"{fixture.Target.Registry}/{fixture.Target.Name}{end}");
}
