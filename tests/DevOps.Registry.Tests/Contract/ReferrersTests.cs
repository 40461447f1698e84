using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Contract;

/// <summary>What every store that tells referrers promises: <see cref="IReferrerLister"/>; and that copies through any of them keep signatures.</summary>
public sealed class ReferrersTests
{
    private const string SignatureType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [CombinatorialStores(One = true)]
    public async Task ListReferrersAsync_Kinds_AreToldByTypeWithTheirAnnotations(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        ImageManifest image = await WriteAsync(open.Store, Sample.WriteImageAsync(open.Store, "image", Cancellation));
        ImageManifest signature = await WriteAsync(open.Store, SignAsync(open.Store, image.Descriptor, "signature"));
        ImageManifest byConfig = await WriteAsync(open.Store, Sample.WriteImageAsync(open.Store, "by its config", Cancellation, image.Descriptor));
        ImageIndex index = await WriteIndexAsync(open.Store, image.Descriptor);
        ImageManifest countersignature = await WriteAsync(open.Store, SignAsync(open.Store, signature.Descriptor, "of the signature"));
        IReferrerLister lister = (IReferrerLister)open.Store;

        Descriptor[] all = await lister.ListReferrersAsync(image.Digest, null, Cancellation).ToArrayAsync(Cancellation);
        Assert.Equal(((Descriptor[])[signature.Descriptor, byConfig.Descriptor, index.Descriptor]).OrderBy(Hex), all.OrderBy(Hex));
        Descriptor found = Assert.Single(await lister.ListReferrersAsync(image.Digest, SignatureType, Cancellation).ToArrayAsync(Cancellation));
        Assert.Equal((signature.Descriptor, SignatureType, "signature"), (found, found.ArtifactType, found.Annotations["name"]));
        Assert.Equal(MediaTypes.ImageConfig, all.Single(referrer => referrer.Digest == byConfig.Digest).ArtifactType);
        Assert.Null(all.Single(referrer => referrer.Digest == index.Digest).ArtifactType);
        Assert.Equal([countersignature.Descriptor], await lister.ListReferrersAsync(signature.Digest, null, Cancellation).ToArrayAsync(Cancellation));
        Assert.Empty(await lister.ListReferrersAsync(countersignature.Digest, null, Cancellation).ToArrayAsync(Cancellation));
        Assert.Empty(await lister.ListReferrersAsync(image.Digest, "application/other", Cancellation).ToArrayAsync(Cancellation));
    }

    [Theory]
    [CombinatorialStores(One = true)]
    public async Task ListReferrersAsync_SubjectThatIsNotThere_HasReferrersToo(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        Descriptor absent = Descriptor.ForContent(MediaTypes.ImageManifest, "absent"u8);
        Assert.Empty(await ((IReferrerLister)open.Store).ListReferrersAsync(absent.Digest, null, Cancellation).ToArrayAsync(Cancellation));
        ImageManifest signature = await WriteAsync(open.Store, SignAsync(open.Store, absent, "signature"));
        Assert.Equal([signature.Descriptor], await ((IReferrerLister)open.Store).ListReferrersAsync(absent.Digest, null, Cancellation).ToArrayAsync(Cancellation));
        if (open.Store is IContentDeleter deleter and not RemoteRepository)
        {
            Assert.True(await deleter.DeleteAsync(signature.Descriptor, Cancellation));
            Assert.Empty(await ((IReferrerLister)open.Store).ListReferrersAsync(absent.Digest, null, Cancellation).ToArrayAsync(Cancellation));
        }
    }

    [Theory]
    [CombinatorialStores]
    public async Task PlanCopyAsync_ThroughALayoutAndAnArchive_KeepsSignatures(StoreKind from, StoreKind to)
    {
        await using OpenStore source = await OpenStore.OpenAsync(from, Cancellation);
        await using OpenStore target = await OpenStore.OpenAsync(to, Cancellation);
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        using OciLayout layout = new(directory.PathOf("layout"));
        ImageManifest image = await WriteAsync(source.Store, Sample.WriteImageAsync(source.Store, "image", Cancellation));
        ImageManifest signature = await WriteAsync(source.Store, SignAsync(source.Store, image.Descriptor, "signature"));
        ImageManifest countersignature = await WriteAsync(source.Store, SignAsync(source.Store, signature.Descriptor, "of the signature"));
        ImageIndex index = ImageIndex.Create(image.Descriptor with { Platform = Platform.LinuxAmd64 });
        await source.Store.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), Cancellation);
        await ((ITagStore)source.Store).TagAsync(index.Descriptor, "v1", Cancellation);

        await CopyAsync(source.Store, index.Descriptor, layout);
        string path = directory.PathOf("image.tar");
        await using (DockerArchiveWriter writer = DockerArchiveWriter.Create(path))
        {
            await CopyAsync(layout, index.Descriptor, writer);
            await writer.CompleteAsync(Cancellation);
        }

        DockerArchive archive = await DockerArchive.OpenAsync(path, Cancellation);
        await CopyAsync(archive, index.Descriptor, target.Store);

        foreach (IContentSource end in (IContentSource[])[layout, archive, target.Store])
        {
            Assert.Equal(index.Descriptor, await ((ITagResolver)end).ResolveAsync("v1", Cancellation));
            Assert.Equal([signature.Descriptor], await ((IReferrerLister)end).ListReferrersAsync(image.Digest, SignatureType, Cancellation).ToArrayAsync(Cancellation));
            Assert.Equal([countersignature.Descriptor], await ((IReferrerLister)end).ListReferrersAsync(signature.Digest, null, Cancellation).ToArrayAsync(Cancellation));
            await end.VerifyAsync(countersignature.Descriptor, cancellationToken: Cancellation);
        }

        // Signatures are no images: a program that loads the archive meets one.
        Assert.Equal(["v1"], await layout.ListTagsAsync(Cancellation).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task ListReferrersAsync_TagThatStandsForTheList_IsReadInALayout()
    {
        // As regctl keeps referrers in a layout: an index below the tag 'sha256-…'.
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        using OciLayout layout = new(directory.Path);
        ImageManifest image = await Sample.WriteImageAsync(layout, "image", Cancellation);
        ImageManifest signature = await SignAsync(layout, image.Descriptor, "signature");
        ImageIndex list = ImageIndex.Create(signature.Descriptor with { ArtifactType = SignatureType });
        await layout.WriteAsync(list.Descriptor, new MemoryStream(list.RawBytes.ToArray()), Cancellation);
        await layout.TagAsync(list.Descriptor, $"sha256-{image.Digest.Hex}", Cancellation);
        Assert.Equal([signature.Descriptor], await layout.ListReferrersAsync(image.Digest, null, Cancellation).ToArrayAsync(Cancellation));

        // Listed twice is one.
        await layout.AddRootAsync(signature.Descriptor, Cancellation);
        Assert.Single(await layout.ListReferrersAsync(image.Digest, null, Cancellation).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task ListReferrersAsync_LayoutWithADamagedManifest_Fails()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        using OciLayout layout = new(directory.Path);
        ImageManifest image = await WriteAsync(layout, Sample.WriteImageAsync(layout, "image", Cancellation));
        directory.Write($"blobs/sha256/{image.Digest.Hex}", new byte[image.RawBytes.Length]);
        await Assert.ThrowsAsync<DigestMismatchException>(async () => await layout.ListReferrersAsync(image.Digest, null, Cancellation).ToArrayAsync(Cancellation));
    }

    private static string Hex(Descriptor descriptor) => descriptor.Digest.Hex;

    private static async Task CopyAsync(IContentSource source, Descriptor root, IContentStore target)
    {
        CopyPlan plan = await source.PlanCopyAsync(root, target, "v1", new() { Referrers = ReferrerCopying.Include, Copy = new() { MaxConcurrency = 1 } }, Cancellation);
        await plan.ExecuteAsync(null, Cancellation);
    }

    // A store that has a list of what it holds is told what is in it.
    private static async Task<T> WriteAsync<T>(IContentStore store, Task<T> writing)
        where T : ManifestDocument
    {
        T written = await writing;
        if (store is IRootStore roots)
        {
            await roots.AddRootAsync(written.Descriptor, Cancellation);
        }

        return written;
    }

    private static async Task<ImageIndex> WriteIndexAsync(IContentStore store, Descriptor subject)
    {
        ImageIndex index = ImageIndex.Create().Edit(tree => tree["subject"] = subject.ToJson());
        await store.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), Cancellation);
        return await WriteAsync(store, Task.FromResult(index));
    }

    private static async Task<ImageManifest> SignAsync(IContentStore store, Descriptor subject, string name)
    {
        Descriptor config = await Sample.WriteAsync(store, MediaTypes.EmptyJson, Sample.Bytes("{}"), Cancellation);
        Descriptor bundle = await Sample.WriteAsync(store, SignatureType, Sample.Bytes("bundle of " + name), Cancellation);
        ImageManifest manifest = ImageManifest.Create(config, bundle).Edit(tree =>
        {
            tree["artifactType"] = SignatureType;
            tree["subject"] = subject.ToJson();
            tree["annotations"] = new JsonObject { ["name"] = name };
        });
        await store.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), Cancellation);
        return manifest;
    }
}
