using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Testing;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Http;

public sealed class HostSlotsTests
{
    // No measure: a test that hangs ends.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAsync_ManyInBothDirectionsWithOneSlot_AllEnd()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using RegistryHost one = await StartAsync(directory, "one");
        await using RegistryHost two = await StartAsync(directory, "two");
        using RegistryClient client = ClientOf(one, two);
        (RemoteRepository Source, RemoteRepository Target, Descriptor Root)[] copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            (RegistryHost from, RegistryHost to) = i % 2 == 0 ? (one, two) : (two, one);
            RemoteRepository source = client.GetRepository($"{from.Address}/source/{i}");
            return (source, client.GetRepository($"{to.Address}/target/{i}"), await PushAsync(source, i));
        }));

        await Task.WhenAll(copies.Select(copy => copy.Source.CopyAsync(copy.Root, copy.Target, cancellationToken: Cancellation))).WaitAsync(Hang, Cancellation);
        foreach ((_, RemoteRepository target, Descriptor root) in copies)
        {
            Assert.True(await target.ContainsAsync(root, Cancellation));
        }
    }

    [Fact]
    public async Task CopyAsync_WithinOneRegistryWithOneSlot_Ends()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();

        // Without mounts, so that every byte goes out of the registry and in again.
        await using RegistryHost host = await StartAsync(directory, "one", new() { AllowsMountFrom = (_, _) => ValueTask.FromResult(false) });
        using RegistryClient client = ClientOf(host);
        RemoteRepository source = client.GetRepository($"{host.Address}/source");
        Descriptor root = await PushAsync(source, 1);
        RemoteRepository[] targets = [.. Enumerable.Range(0, 4).Select(i => client.GetRepository($"{host.Address}/target/{i}"))];
        CopyResult[] results = await Task.WhenAll(targets.Select(target => source.CopyAsync(root, target, cancellationToken: Cancellation))).WaitAsync(Hang, Cancellation);
        Assert.All(results, result => Assert.Equal((0, 4), (result.Mounted.Length, result.Copied.Length)));
    }

    [Fact]
    public async Task ReceiveAsync_ContentAsksTheRegistryWhileItIsMadeWithOneSlot_Ends()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using RegistryHost host = await StartAsync(directory, "one");
        using RegistryClient client = ClientOf(host);
        RemoteRepository repository = client.GetRepository($"{host.Address}/target");
        Task<Descriptor?> receiving = repository.ReceiveAsync(
            MediaTypes.Layer,
            async (stream, cancellationToken) =>
            {
                await stream.WriteAsync(new byte[100_000], cancellationToken);
                Assert.Null(await repository.ResolveAsync("missing", cancellationToken));
            },
            Cancellation);
        Descriptor? received = await receiving.WaitAsync(Hang, Cancellation);
        Assert.Equal(100_000, received?.SizeBytes);
    }

    [Fact]
    public async Task CopyAsync_InRangesAndBothDirectionsWithOneSlot_AllEnd()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using RegistryHost one = await StartAsync(directory, "one");
        await using RegistryHost two = await StartAsync(directory, "two");
        using RegistryClient client = new(new()
        {
            Registries = OneSlot(one.Address, two.Address),
            BlobRanges = new() { MaxRanges = 3, RangeBytes = 1 << 16, MinBlobBytes = 1 << 17 },
        });
        RemoteRepository first = client.GetRepository($"{one.Address}/source");
        RemoteRepository second = client.GetRepository($"{two.Address}/source");
        Descriptor there = await PushAsync(first, 1);
        Descriptor back = await PushAsync(second, 2);
        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(i => (Task[])
        [
            first.CopyAsync(there, client.GetRepository($"{two.Address}/target/{i}"), cancellationToken: Cancellation),
            second.CopyAsync(back, client.GetRepository($"{one.Address}/target/{i}"), cancellationToken: Cancellation),
        ])).WaitAsync(Hang, Cancellation);
        Assert.True(await client.GetRepository($"{two.Address}/target/3").ContainsAsync(there, Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_MoreThanTheLimit_WaitsUntilOneWasReadOrLetGoOf()
    {
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal) ? Blob() : RegistryFixture.Found(), Limited);
        Stream first = await OpenAsync(fixture);
        Task<Stream> second = OpenAsync(fixture);
        Assert.NotNull(await fixture.ResolveAsync());
        Assert.False(second.IsCompleted, "A blob is read already.");
        Assert.Equal(2, fixture.Requests.Count);

        await first.DisposeAsync();
        Stream read = await second.WaitAsync(Hang, Cancellation);
        Task<Stream> third = OpenAsync(fixture);
        Assert.False(third.IsCompleted);
        await read.CopyToAsync(Stream.Null, Cancellation);
        await (await third.WaitAsync(Hang, Cancellation)).DisposeAsync();
        await read.DisposeAsync();
        await first.DisposeAsync();
        Assert.Equal(4, fixture.Requests.Count);
    }

    [Fact]
    public async Task OpenReadAsync_StreamThatIsForgotten_BlocksNobodyForEver()
    {
        using RegistryFixture fixture = new(_ => Blob(), Limited);
        Stream forgotten = await OpenAsync(fixture);
        Task<Stream> second = OpenAsync(fixture);
        fixture.Clock.Advance(RegistryClientOptions.Default.NoProgressTimeout - TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await using Stream read = await second.WaitAsync(Hang, Cancellation);

        // Who comes back reads on, and does not give back what is not theirs any more.
        await forgotten.CopyToAsync(Stream.Null, Cancellation);
        await forgotten.DisposeAsync();
        Assert.False(OpenAsync(fixture).IsCompleted);
    }

    [Fact]
    public async Task OpenReadAsync_StreamThatIsRead_KeepsItsSlot()
    {
        using RegistryFixture fixture = new(_ => Blob(), Limited);
        await using Stream slow = await OpenAsync(fixture);
        Task<Stream> second = OpenAsync(fixture);
        for (int i = 0; i < 3; i++)
        {
            fixture.Clock.Advance(RegistryClientOptions.Default.NoProgressTimeout - TimeSpan.FromSeconds(1));
            Assert.Equal(1, await slow.ReadAsync(new byte[1], Cancellation));
            Assert.False(second.IsCompleted);
        }

        fixture.Clock.Advance(RegistryClientOptions.Default.NoProgressTimeout);
        await (await second.WaitAsync(Hang, Cancellation)).DisposeAsync();
    }

    [Fact]
    public async Task OpenReadAsync_Failure_GivesTheSlotBack()
    {
        int count = 0;
        using RegistryFixture fixture = new(_ => ++count == 1 ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : count == 2 ? throw new HttpRequestException("reset") : Blob(), Limited);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => OpenAsync(fixture));
        await Assert.ThrowsAsync<RegistryException>(() => OpenAsync(fixture));
        await (await OpenAsync(fixture).WaitAsync(Hang, Cancellation)).DisposeAsync();
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task OpenReadAsync_ConnectionThatBreaks_KeepsItsPlaceBeforeThoseThatWait()
    {
        int count = 0;
        using RegistryFixture fixture = new(
            _ => ++count == 1 ? new(HttpStatusCode.OK) { Content = new StreamContent(FaultyStream.ThrowingAt(RegistryFixture.BlobBytes, 3, new IOException("reset"))) } : Blob(),
            options => Limited(options) with { MaxRetries = 1, MaxRetryDelay = TimeSpan.FromMilliseconds(1), TimeProvider = TimeProvider.System });
        await using Stream first = await OpenAsync(fixture);
        Task<Stream> second = OpenAsync(fixture);
        await first.CopyToAsync(Stream.Null, Cancellation).WaitAsync(Hang, Cancellation);
        await (await second.WaitAsync(Hang, Cancellation)).DisposeAsync();
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task SendAsync_ShortRequests_WaitForTheirKindAloneAndTokensForNobody()
    {
        using GatedHandler gate = new();
        using RegistryFixture fixture = new(_ => RegistryFixture.Found(), options => Limited(options) with { Handler = gate });
        Task<Descriptor?> first = fixture.ResolveAsync().AsTask();
        Task<Descriptor?> second = fixture.Client.GetRepository($"{RegistryFixture.Host}/team/other").ResolveAsync("latest", Cancellation).AsTask();
        HttpRequestMessage asked = Assert.Single(gate.Waiting.Keys);
        Task<Stream> blob = OpenAsync(fixture);
        Assert.Equal(2, gate.Waiting.Count);

        // The first is told to get a token, which it does while the second has the slot and no answer.
        gate.Answer(asked, RegistryFixture.Challenge("""Bearer realm="https://auth.example/token" """));
        HttpRequestMessage token = await gate.WaitForAsync(request => request.RequestUri!.Host == "auth.example");
        HttpRequestMessage other = await gate.WaitForAsync(request => request.RequestUri!.AbsolutePath.StartsWith("/v2/team/other/", StringComparison.Ordinal));
        gate.Answer(token, ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}"""));
        gate.Answer(other, RegistryFixture.Found());
        Assert.NotNull(await second.WaitAsync(Hang, Cancellation));
        gate.Answer(await gate.WaitForAsync(request => request.Headers.Authorization is not null), RegistryFixture.Found());
        Assert.NotNull(await first.WaitAsync(Hang, Cancellation));
        gate.Answer(await gate.WaitForAsync(request => request.RequestUri!.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)), Blob());
        await (await blob.WaitAsync(Hang, Cancellation)).DisposeAsync();
    }

    [Fact]
    public async Task WriteAsync_LargeBlobs_GoOneAfterTheOther()
    {
        using GatedHandler gate = new();
        using RegistryFixture fixture = new(_ => RegistryFixture.Found(), options => Limited(options) with { Handler = gate });
        Task[] writing = [.. Enumerable.Range(0, 2).Select(i =>
        {
            byte[] bytes = [(byte)i, .. new byte[BlobUploads.MaxSmallBytes]];
            return fixture.Repository.WriteAsync(Descriptor.ForContent(MediaTypes.LayerGzip, bytes), new MemoryStream(bytes), Cancellation);
        })];
        for (int i = 0; i < 2; i++)
        {
            gate.Answer(await gate.WaitForAsync(request => request.Method == HttpMethod.Post), ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", $"/upload/{i}")]));
        }

        HttpRequestMessage put = await gate.WaitForAsync(request => request.Method == HttpMethod.Put);
        Assert.Single(gate.Waiting);
        Assert.NotNull(put.Content);
        gate.Answer(put, ScriptedHandler.Answer(HttpStatusCode.Created));
        gate.Answer(await gate.WaitForAsync(request => request.Method == HttpMethod.Put && request != put), ScriptedHandler.Answer(HttpStatusCode.Created));
        await Task.WhenAll(writing).WaitAsync(Hang, Cancellation);
    }

    [Fact]
    public void MaxConcurrentRequests_OutOfRange_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryConnectionOptions { MaxConcurrentRequests = 0 });

    private static RegistryClientOptions Limited(RegistryClientOptions options) => options with { Registries = OneSlot(RegistryAddress.Parse(RegistryFixture.Host)) };

    private static ImmutableDictionary<RegistryAddress, RegistryConnectionOptions> OneSlot(params IEnumerable<RegistryAddress> registries) =>
        registries.ToImmutableDictionary(registry => registry, _ => new RegistryConnectionOptions { MaxConcurrentRequests = 1 });

    private static RegistryClient ClientOf(params RegistryHost[] hosts) => new(new() { Registries = OneSlot(hosts.Select(host => host.Address)) });

    private static Task<RegistryHost> StartAsync(TemporaryDirectory directory, string name, RegistryEndpointOptions? options = null) =>
        RegistryHost.StartAsync(new() { Directory = directory.PathOf(name), Registry = options ?? RegistryEndpointOptions.Default }, cancellationToken: Cancellation);

    private static async Task<Stream> OpenAsync(RegistryFixture fixture) => await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation);

    private static HttpResponseMessage Blob() => new(HttpStatusCode.OK) { Content = new ByteArrayContent(RegistryFixture.BlobBytes) };

    private static async Task<Descriptor> PushAsync(RemoteRepository repository, int seed)
    {
        Random random = new(seed);
        List<Descriptor> blobs = [];
        for (int i = 0; i < 3; i++)
        {
            byte[] bytes = new byte[300_000];
            random.NextBytes(bytes);
            Descriptor blob = Descriptor.ForContent(i == 0 ? MediaTypes.ImageConfig : MediaTypes.LayerGzip, bytes);
            await repository.WriteAsync(blob, new MemoryStream(bytes), Cancellation);
            blobs.Add(blob);
        }

        ImageManifest manifest = ImageManifest.Create(blobs[0], blobs[1..]);
        await repository.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), Cancellation);
        return manifest.Descriptor;
    }

    /// <summary>A server that answers when the test says so.</summary>
    private sealed class GatedHandler : HttpMessageHandler
    {
        private readonly SemaphoreSlim _came = new(0);

        internal ConcurrentDictionary<HttpRequestMessage, TaskCompletionSource<HttpResponseMessage>> Waiting { get; } = new();

        internal void Answer(HttpRequestMessage request, HttpResponseMessage response)
        {
            Assert.True(Waiting.TryRemove(request, out TaskCompletionSource<HttpResponseMessage>? waiting));
            response.RequestMessage = request;
            waiting.SetResult(response);
        }

        internal async Task<HttpRequestMessage> WaitForAsync(Predicate<HttpRequestMessage> wanted)
        {
            while (true)
            {
                if (Waiting.Keys.FirstOrDefault(request => wanted(request)) is { } found)
                {
                    return found;
                }

                Assert.True(await _came.WaitAsync(Hang, Cancellation), "The request did not come.");
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            TaskCompletionSource<HttpResponseMessage> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Waiting[request] = answer;
            _came.Release();
            if (request.Content is not null)
            {
                await request.Content.CopyToAsync(Stream.Null, cancellationToken);
            }

            return await answer.Task.WaitAsync(cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            _came.Dispose();
            base.Dispose(disposing);
        }
    }
}
