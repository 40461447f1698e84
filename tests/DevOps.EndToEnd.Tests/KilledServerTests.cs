using System.Diagnostics;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;
using DevOps.Registry.Server;
using DevOps.Registry.Server.Tests;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.EndToEnd.Tests;

/// <summary>A registry that is killed at any moment of a push shows nothing half, takes the push again, and lets go of what is left over.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const int LayerBytes = 2 << 20;

    // Itself, two manifests, two configurations, two layers of their own and one that both have.
    private const int BlobsOfAnIndex = 8;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly Random _random = new(Soak.Seed(3));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => _directory.PathOf("data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Serve_KilledWhileAClientPushes_ServesTheWholeOrNothingAndTakesTheRetry()
    {
        Dictionary<string, Descriptor> pushed = [];
        Served server = await Served.StartAsync("--data", Data);
        try
        {
            string name = $"{server.Address}/team/killed";
            int broken = 0;
            TimeSpan usual = await PushWholeAsync(name, pushed);
            for (int round = 0; round < Soak.Times(25); round++)
            {
                using RegistryClient client = NewClient(isResuming: round % 2 == 1);
                RemoteRepository repository = client.GetRepository(name);
                MemoryStore source = new();
                Descriptor root = await WriteIndexAsync(source);
                string tag = $"{round}";

                bool isBroken = await KillDuringAsync(server, usual, source.CopyAsync(root, repository, tag, cancellationToken: Cancellation));
                broken += isBroken ? 1 : 0;
                await AuditAsync(pushed, tag, root);
                server = await Served.StartAtAsync(server.Address, "--data", Data);
                await AssertNothingIsHalfAsync(repository, source, root);
                await source.CopyAsync(root, repository, tag, cancellationToken: Cancellation);
                await AssertHeldAsync(repository, tag, root);
                pushed[tag] = root;
            }

            // Some end before the kill; were it all of them, nothing would have been tested.
            TestContext.Current.TestOutputHelper?.WriteLine($"{broken} pushes were broken off");
            Assert.InRange(broken, 1, Soak.Times(25));

            // The last push is never tried again: it and a blob of nobody are what is left over.
            using RegistryClient last = NewClient(isResuming: false);
            MemoryStore lost = new();
            Descriptor lostRoot = await WriteIndexAsync(lost);
            Descriptor orphan = await WriteAsync(last.GetRepository(name), MediaTypes.LayerGzip, Noise(LayerBytes));
            await KillDuringAsync(server, usual, lost.CopyAsync(lostRoot, last.GetRepository(name), "lost", cancellationToken: Cancellation));
            await AuditAsync(pushed, "lost", lostRoot);
            await CollectAsync(pushed, lostRoot, orphan);

            server = await Served.StartAtAsync(server.Address, "--data", Data);
            foreach ((string tag, Descriptor root) in pushed)
            {
                await AssertHeldAsync(last.GetRepository(name), tag, root);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    // The moment is left to chance, somewhere within a push of the usual length; what must hold, holds at every one.
    private async Task<bool> KillDuringAsync(Served server, TimeSpan usual, Task push)
    {
        using PeriodicTimer timer = new((usual * _random.NextDouble()) + TimeSpan.FromMilliseconds(1));
        await timer.WaitForNextTickAsync(Cancellation);
        await server.KillAsync();
        Exception? error = await Record.ExceptionAsync(() => push);
        Assert.True(error is null or ContentCopyException, error?.ToString());
        return error is not null;
    }

    private async Task<TimeSpan> PushWholeAsync(string name, Dictionary<string, Descriptor> pushed)
    {
        using RegistryClient client = NewClient(isResuming: false);
        TimeSpan usual = default;
        foreach (string tag in (string[])["cold", "warm"])
        {
            MemoryStore source = new();
            Descriptor root = await WriteIndexAsync(source);
            long start = Stopwatch.GetTimestamp();
            await source.CopyAsync(root, client.GetRepository(name), tag, cancellationToken: Cancellation);
            usual = Stopwatch.GetElapsedTime(start);
            pushed[tag] = root;
        }

        return usual;
    }

    // Looks at the folder while nobody serves it: a push may have come to its end, and no other tag may have changed.
    private async Task AuditAsync(Dictionary<string, Descriptor> pushed, string tag, Descriptor root)
    {
        Dictionary<string, Digest> tags = await StoreAudit.CheckAsync(Data, Cancellation);
        Assert.All(pushed, expected => Assert.Equal(expected.Value.Digest, tags[$"team/killed:{expected.Key}"]));
        if (tags.TryGetValue($"team/killed:{tag}", out Digest? digest))
        {
            Assert.Equal(root.Digest, digest);
        }
    }

    private static async Task AssertNothingIsHalfAsync(RemoteRepository repository, MemoryStore source, Descriptor root)
    {
        foreach (Descriptor content in (await source.VerifyAsync(root, cancellationToken: Cancellation)).Copied)
        {
            if (await repository.ContainsAsync(content, Cancellation))
            {
                // Of a manifest that is there, everything below it is there too.
                await repository.VerifyAsync(content, cancellationToken: Cancellation);
            }
        }

        await foreach (string tag in repository.ListTagsAsync(Cancellation))
        {
            Assert.NotNull(await repository.ResolveAsync(tag, Cancellation));
        }
    }

    private static async Task AssertHeldAsync(RemoteRepository repository, string tag, Descriptor root)
    {
        Assert.Equal(root.Digest, (await repository.ResolveAsync(tag, Cancellation))?.Digest);
        await repository.VerifyAsync(root, cancellationToken: Cancellation);
    }

    private async Task CollectAsync(Dictionary<string, Descriptor> pushed, Descriptor lost, Descriptor orphan)
    {
        RegistryStorage storage = new(Data, new() { TimeProvider = new VirtualTimeProvider(DateTimeOffset.UtcNow.AddDays(2)) });
        RegistryGarbageResult result = await storage.CollectGarbageAsync(cancellationToken: Cancellation);

        Dictionary<string, Digest> tags = await StoreAudit.CheckAsync(Data, Cancellation);
        int kept = Directory.EnumerateFiles(Path.Combine(Data, "blobs"), "*", SearchOption.AllDirectories).Count(file => Path.GetFileName(file)[0] != '.');
        Assert.InRange(result.RemovedBlobCount, 1, int.MaxValue);
        Assert.Equal(result.KeptBlobCount, kept);
        Assert.DoesNotContain(Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories), file => Path.GetFileName(file) == orphan.Digest.Hex);
        Assert.DoesNotContain(Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories), file => file.EndsWith(".partial", StringComparison.Ordinal));
        string uploads = Path.Combine(Data, "uploads");
        Assert.Empty(Directory.Exists(uploads) ? Directory.EnumerateDirectories(uploads) : []);

        // The lost push may have got as far as some of its manifests, which nothing but a deletion removes.
        bool isLost = !tags.ContainsValue(lost.Digest);
        Assert.InRange(kept, pushed.Count * BlobsOfAnIndex, (pushed.Count + 1) * BlobsOfAnIndex);
        Assert.True(isLost || kept == (pushed.Count + 1) * BlobsOfAnIndex, $"{kept} blobs are left.");
    }

    private RegistryClient NewClient(bool isResuming) => new(new()
    {
        MaxRetries = 0,
        UploadJournal = isResuming ? new(_directory.PathOf("journal")) : null,
        UploadChunkBytes = 512 << 10,
    });

    private async Task<Descriptor> WriteIndexAsync(MemoryStore store)
    {
        Descriptor shared = await WriteAsync(store, MediaTypes.LayerGzip, Noise(LayerBytes));
        List<Descriptor> images = [];
        foreach (Platform platform in (Platform[])[Platform.LinuxAmd64, Platform.LinuxArm64])
        {
            Descriptor own = await WriteAsync(store, MediaTypes.LayerGzip, Noise(_random.Next(LayerBytes)));
            ImageConfig config = ImageConfig.ForPlatform(platform).WithLabel("org.example.round", $"{_random.Next()}");
            ImageManifest image = ImageManifest.Create(await WriteAsync(store, config.MediaType, config.RawBytes), shared, own);
            images.Add(await WriteAsync(store, image.MediaType, image.RawBytes) with { Platform = platform });
        }

        ImageIndex index = ImageIndex.Create(images);
        return await WriteAsync(store, index.MediaType, index.RawBytes);
    }

    private static async Task<Descriptor> WriteAsync(IContentStore store, string mediaType, ReadOnlyMemory<byte> bytes)
    {
        Descriptor descriptor = Descriptor.ForContent(mediaType, bytes.Span);
        await store.WriteAsync(descriptor, new MemoryStream(bytes.ToArray()), Cancellation);
        return descriptor;
    }

    private byte[] Noise(int lengthBytes)
    {
        byte[] noise = new byte[lengthBytes];
        _random.NextBytes(noise);
        return noise;
    }
}
