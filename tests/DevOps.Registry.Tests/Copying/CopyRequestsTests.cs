using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Copying;

/// <summary>How many requests a copy costs: each is a trip over a line that may be long.</summary>
public sealed class CopyRequestsTests
{
    private const int Layers = 5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAsync_IntoAnEmptyRepository_AsksSendsAndTagsOnce()
    {
        await using Counted counted = await Counted.StartAsync();
        MemoryStore source = new();
        ImageManifest image = await WriteImageAsync(source, 10);
        await source.CopyAsync(image.Descriptor, counted.Repository("team/api"), "1", cancellationToken: Cancellation);

        // Each of the manifest, the configuration and the layers is looked for; small blobs take one request; the manifest is sent under its tag.
        Assert.Equal(["HEAD 7", "POST 6", "PUT 1"], counted.Take());

        // All is there: the manifest is sent once more, for the tag.
        await source.CopyAsync(image.Descriptor, counted.Repository("team/api"), "2", cancellationToken: Cancellation);
        Assert.Equal(["HEAD 7", "PUT 1"], counted.Take());

        await source.CopyAsync(image.Descriptor, counted.Repository("team/api"), options: new() { HeldManifests = HeldManifests.Trust }, cancellationToken: Cancellation);
        Assert.Equal(["HEAD 1"], counted.Take());
    }

    [Fact]
    public async Task CopyAsync_LargeLayers_TakeASessionEach()
    {
        await using Counted counted = await Counted.StartAsync();
        MemoryStore source = new();
        ImageManifest image = await WriteImageAsync(source, BlobUploads.MaxSmallBytes + 1);
        await source.CopyAsync(image.Descriptor, counted.Repository("team/api"), "1", cancellationToken: Cancellation);
        Assert.Equal(["HEAD 7", "POST 6", "PUT 6"], counted.Take());
    }

    [Fact]
    public async Task ExecuteAsync_PlanOfSmallContent_AsksOnlyForThePlan()
    {
        await using Counted counted = await Counted.StartAsync();
        MemoryStore source = new();
        ImageManifest image = await WriteImageAsync(source, 10);
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, counted.Repository("team/api"), "1", cancellationToken: Cancellation);
        Assert.Equal(["HEAD 7"], counted.Take());
        await plan.ExecuteAsync(cancellationToken: Cancellation);
        Assert.Equal(["POST 6", "PUT 1"], counted.Take());
    }

    [Fact]
    public async Task ExecuteAsync_PlanOfLargeLayers_AsksOnceMoreForThem()
    {
        await using Counted counted = await Counted.StartAsync();
        MemoryStore source = new();
        ImageManifest image = await WriteImageAsync(source, BlobUploads.MaxSmallBytes + 1);
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, counted.Repository("team/api"), "1", cancellationToken: Cancellation);
        counted.Take();

        // One came since then: it is not sent.
        await WriteLayerAsync(counted.Repository("team/api"), BlobUploads.MaxSmallBytes + 1, 3);
        counted.Take();
        CopyResult copy = await plan.ExecuteAsync(cancellationToken: Cancellation);
        Assert.Equal([image.Layers[3]], copy.Skipped);
        Assert.Equal(["HEAD 5", "POST 5", "PUT 5"], counted.Take());
    }

    [Fact]
    public async Task ExecuteAsync_PlanOfMounts_MountsWithoutAnotherQuestion()
    {
        await using Counted counted = await Counted.StartAsync();
        RemoteRepository source = counted.Repository("base/image");
        ImageManifest image = await WriteImageAsync(source, 10);
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, counted.Repository("team/api"), "1", cancellationToken: Cancellation);
        counted.Take();
        CopyResult copy = await plan.ExecuteAsync(cancellationToken: Cancellation);
        Assert.Equal(6, copy.Mounted.Length);
        Assert.Equal(["POST 6", "PUT 1"], counted.Take());
    }

    [Fact]
    public async Task ExecuteAsync_WhatThePlanSawIsGone_IsSent()
    {
        await using Counted counted = await Counted.StartAsync();
        MemoryStore source = new();
        ImageManifest image = await WriteImageAsync(source, 10);
        RemoteRepository target = counted.Repository("team/api");
        await WriteLayerAsync(target, 10, 2);
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, target, "1", cancellationToken: Cancellation);
        Assert.Equal([image.Layers[2]], plan.Held);
        await target.DeleteAsync(image.Layers[2], Cancellation);
        await plan.ExecuteAsync(cancellationToken: Cancellation);
        await target.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task ExecuteAsync_ContentOfSeveralRoots_IsSentAndAskedForOnce()
    {
        await using Counted counted = await Counted.StartAsync();
        RemoteRepository source = counted.Repository("base/image");
        ImageManifest image = await WriteImageAsync(source, 10);
        foreach (string name in (string[])["one", "two", "three"])
        {
            Descriptor config = await Sample.WriteAsync(source, MediaTypes.EmptyJson, "{}"u8.ToArray(), Cancellation);
            ImageManifest signature = ImageManifest.Create(config, await Sample.WriteAsync(source, "application/x", Sample.Bytes(name), Cancellation))
                .Edit(tree => (tree["artifactType"], tree["subject"]) = ("application/signature", image.Descriptor.ToJson()));
            await source.WriteAsync(signature.Descriptor, new MemoryStream(signature.RawBytes.ToArray()), Cancellation);
        }

        await using Counted other = await Counted.StartAsync();
        CopyPlan plan = await source.PlanCopyAsync(image.Descriptor, other.Repository("team/api"), "1", new() { Referrers = ReferrerCopying.Include }, Cancellation);
        other.Take();
        await plan.ExecuteAsync(cancellationToken: Cancellation);

        // Six blobs of the image, three of the signatures, and one that the signatures share.
        Assert.Equal("POST 10", other.Take().Single(text => text.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact] // As a registry does that remembers blobs which it has removed.
    public async Task CopyAsync_RegistryThatSaysItHoldsWhatItLacks_GetsItOnce()
    {
        await using Counted counted = await Counted.StartAsync();
        InjectedFault lie = counted.Host.Faults.Add(Fault.Answer(System.Net.HttpStatusCode.OK).On(RegistryRequestKind.Blob).On(HttpMethod.Head));
        MemoryStore source = new();
        ImageManifest image = await WriteImageAsync(source, 10);
        RemoteRepository target = counted.Repository("team/api");
        CopyResult copy = await source.CopyAsync(image.Descriptor, target, "1", cancellationToken: Cancellation);
        Assert.Equal(7, copy.Copied.Length);
        Assert.Empty(copy.Skipped);

        // The manifest was refused once.
        Assert.Equal(["HEAD 7", "POST 6", "PUT 2"], counted.Take());
        lie.Remove();
        await target.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);
        Assert.Equal(image.Descriptor, await target.ResolveAsync("1", Cancellation));
    }

    [Fact] // Source: OCI image-spec 1.1, descriptor.md, "Embedded Content".
    public async Task CopyAsync_EmbeddedContent_IsNotFetched()
    {
        await using Counted counted = await Counted.StartAsync();
        RemoteRepository source = counted.Repository("base/image");
        Descriptor layer = await Sample.WriteAsync(source, "application/x", Sample.Bytes("embedded"), Cancellation) with { Data = Sample.Bytes("embedded") };
        await source.WriteAsync(Descriptor.EmptyJson, new MemoryStream("{}"u8.ToArray()), Cancellation);
        ImageManifest artifact = ImageManifest.Create(Descriptor.EmptyJson, layer);
        await source.WriteAsync(artifact.Descriptor, new MemoryStream(artifact.RawBytes.ToArray()), Cancellation);
        counted.Take();

        MemoryStore target = new();
        await source.CopyAsync(artifact.Descriptor, target, cancellationToken: Cancellation);
        Assert.Equal(["GET 1"], counted.Take());
        Assert.Equal("embedded", System.Text.Encoding.UTF8.GetString((await target.ReadAllBytesAsync(layer with { Data = null }, cancellationToken: Cancellation)).Span));
    }

    [Theory] // Source: OCI distribution-spec 1.1, "Pushing Manifests": a layer that must not be distributed need not be there.
    [InlineData(StoreKind.EmbeddedRegistry)]
    public async Task CopyAsync_ForeignLayer_IsNeitherSentNorMissed(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        MemoryStore source = new();
        Descriptor config = await Sample.WriteAsync(source, MediaTypes.ImageConfig, Sample.Bytes("""{"architecture":"amd64","os":"windows","rootfs":{"type":"layers","diff_ids":[]}}"""), Cancellation);
        Descriptor foreign = new("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Digest.Compute("foreign"u8), 7) { Urls = ["https://169.254.169.254/layer"] };
        ImageManifest image = ImageManifest.Create(config, foreign, await Sample.WriteAsync(source, MediaTypes.LayerGzip, Sample.Bytes("mine"), Cancellation));
        await source.WriteAsync(image.Descriptor, new MemoryStream(image.RawBytes.ToArray()), Cancellation);

        CopyResult copy = await source.CopyAsync(image.Descriptor, open.Store, "1", cancellationToken: Cancellation);
        Assert.Equal(3, copy.Copied.Length);
        Assert.False(await open.Store.ContainsAsync(foreign, Cancellation));
        await open.Store.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);
    }

    private static async Task<ImageManifest> WriteImageAsync(IContentStore store, int layerBytes)
    {
        Descriptor config = await Sample.WriteAsync(store, MediaTypes.ImageConfig, Sample.Bytes("""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"""), Cancellation);
        List<Descriptor> layers = [];
        for (int i = 0; i < Layers; i++)
        {
            layers.Add(await WriteLayerAsync(store, layerBytes, i));
        }

        ImageManifest image = ImageManifest.Create(config, [.. layers]);
        await store.WriteAsync(image.Descriptor, new MemoryStream(image.RawBytes.ToArray()), Cancellation);
        return image;
    }

    private static Task<Descriptor> WriteLayerAsync(IContentStore store, int bytes, int number) =>
        Sample.WriteAsync(store, MediaTypes.LayerGzip, [.. Enumerable.Repeat((byte)number, bytes)], Cancellation);

    /// <summary>A registry whose requests are counted.</summary>
    private sealed class Counted(TemporaryDirectory directory, RegistryHost host) : IAsyncDisposable
    {
        private readonly InjectedFault _watch = host.Faults.Add(Fault.Watch().On(RegistryRequestKind.Manifest | RegistryRequestKind.Blob | RegistryRequestKind.Upload));
        private readonly RegistryClient _client = new();
        private int _taken;

        internal RegistryHost Host => host;

        internal static async Task<Counted> StartAsync()
        {
            TemporaryDirectory directory = TemporaryDirectory.Create();
            return new(directory, await RegistryHost.StartAsync(new() { Directory = directory.PathOf("registry") }, cancellationToken: Cancellation));
        }

        internal RemoteRepository Repository(string name) => _client.GetRepository($"{host.Address}/{name}");

        /// <summary>Returns how many requests of each method came since the last call.</summary>
        internal string[] Take()
        {
            string[] hits = [.. host.Faults.Hits.Where(hit => hit.Fault == _watch).Skip(_taken).Select(hit => hit.Method)];
            _taken += hits.Length;
            return [.. hits.GroupBy(method => method).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}")];
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await host.DisposeAsync();
            directory.Dispose();
        }
    }
}
