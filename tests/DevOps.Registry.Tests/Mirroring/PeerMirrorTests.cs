using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;

namespace DevOps.Registry.Tests.Mirroring;

public sealed class PeerMirrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The distribution registry has no interface for referrers, so its list is a tag, as cosign's signatures are: all of it arrives by its own ways and none as a tag of the rule.
    [Theory]
    [InlineData(StoreKind.DockerRegistry, StoreKind.EmbeddedRegistry)]
    [InlineData(StoreKind.EmbeddedRegistry, StoreKind.DockerRegistry)]
    public async Task RunAsync_RegistriesThatKeepReferrersInOtherWays_AgreeAfterIt(StoreKind from, StoreKind to)
    {
        await using OpenStore sourceStore = await OpenStore.OpenAsync(from, Cancellation);
        await using OpenStore targetStore = await OpenStore.OpenAsync(to, Cancellation);
        RemoteRepository source = (RemoteRepository)sourceStore.Store;
        RemoteRepository target = (RemoteRepository)targetStore.Store;
        ImageManifest image = await Sample.WriteImageAsync(source, "image", Cancellation);
        ImageManifest bill = await Sample.WriteImageAsync(source, "bill of materials", Cancellation, image.Descriptor);
        ImageManifest signature = await Sample.WriteImageAsync(source, "signature", Cancellation);
        string signed = $"sha256-{image.Digest.Hex}.sig";
        await source.TagAsync(image.Descriptor, "1", Cancellation);
        await source.TagAsync(signature.Descriptor, signed, Cancellation);

        using RegistryClient client = new();
        MirrorRule rule = MirrorRule.ForRepository($"{source.Registry}/{source.Name}", $"{target.Registry}/{target.Name}")
            .WithCopy(new() { Referrers = ReferrerCopying.Include, CosignTags = CosignTagCopying.Include })
            .WithDeletion(new());
        MirrorResult first = await new Mirror(client).RunAsync(new(rule), null, Cancellation);
        Assert.Equal("1", Assert.Single(first.Tags).Target.Tag);
        Assert.True(first.IsComplete);
        Assert.Equal(image.Descriptor, await target.ResolveAsync("1", Cancellation));
        Assert.Equal(signature.Descriptor, await target.ResolveAsync(signed, Cancellation));
        Assert.Equal([bill.Descriptor], await target.ListReferrersAsync(image.Digest, null, Cancellation).ToListAsync(Cancellation));
        await target.VerifyAsync(bill.Descriptor, cancellationToken: Cancellation);

        MirrorResult again = await new Mirror(client).RunAsync(new(rule), null, Cancellation);
        Assert.Equal(MirrorOutcome.UpToDate, Assert.Single(again.Tags).Outcome);
    }
}
