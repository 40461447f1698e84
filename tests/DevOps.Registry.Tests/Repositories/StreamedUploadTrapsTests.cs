using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Hostile;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>What could make a streamed upload endless, stand still, or keep something.</summary>
public sealed class StreamedUploadTrapsTests
{
    private const int Chunk = UploadFixture.ChunkBytes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // As with several registries behind one address that share no uploads.
    public async Task ReceiveAsync_EverySessionIsLostAfterItsFirstChunk_EndsWithTheError()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using ForgetfulRegistry forgetful = new();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null, Handler = forgetful });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReceiveAsync(fixture.Repository(client), fixture));
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);

        // The first of them was for a stream, which the registry does not take.
        Assert.Equal(1 + 4, forgetful.SessionCount);
    }

    [Fact]
    public async Task ReceiveAsync_ConnectionEndsWhileContentIsMade_WaitsForThatBeforeItIsMadeAgain()
    {
        int calls = 0;
        int running = 0;
        int most = 0;
        await using RawServer server = new(request => (request.Split(' ')[0] switch
        {
            "POST" => "HTTP/1.1 202 Accepted\nLocation: /v2/team/api/blobs/uploads/1\nContent-Length: 0\n",

            // It lets the content come, and is gone.
            "PATCH" => "HTTP/1.1 100 Continue\n",
            _ => "HTTP/1.1 404 Not Found\nContent-Length: 0\n",
        }, Stream.Null));
        using RegistryClient client = new(new() { MaxRetryDelay = TimeSpan.FromMilliseconds(1) });
        RemoteRepository repository = client.GetRepository(server.Address, RepositoryName.Parse("team/api"));
        IOException end = new("Seen twice.");
        Assert.Same(end, await Assert.ThrowsAsync<IOException>(() => repository.ReceiveAsync(
            MediaTypes.LayerGzip,
            async (_, token) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                try
                {
                    await (++calls == 2 ? Task.FromException(end) : Task.Delay(Timeout.Infinite, token));
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            Cancellation)));
        Assert.Equal(1, most);
        Assert.Equal(0, running);
    }

    [Theory] // Who makes content waits for others that make some, as packs do: one of them must not wait for the slot of another.
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReceiveAsync_OneSlot_ContentIsMadeOnlyWithIt(bool inChunks)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        ImmutableDictionary<RegistryAddress, RegistryConnectionOptions> ofOneSlot = ImmutableDictionary<RegistryAddress, RegistryConnectionOptions>.Empty.Add(fixture.Host.Address, new() { MaxConcurrentRequests = 1 });
        using RegistryClient client = await fixture.NewStreamingClientAsync(inChunks, options => options with { Registries = ofOneSlot });
        ConcurrentQueue<int> atOnce = new();
        int running = 0;
        Descriptor?[] held = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => client.GetRepository($"{fixture.Host.Address}/team/api{i}").ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                atOnce.Enqueue(Interlocked.Increment(ref running));
                await UploadFixture.WriteAsync(fixture.Bytes, stream, token);
                Interlocked.Decrement(ref running);
            },
            Cancellation)));
        Assert.All(held, descriptor => Assert.Equal(fixture.Blob, descriptor));
        Assert.Equal([1, 1, 1, 1], atOnce);
    }

    [Fact]
    public async Task ReceiveAsync_ContentFailsAtAnotherRegistry_CancelsTheUpload()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RegistryException cause = new("read a base", "another registry", "nothing came back", "Try again.");
        Assert.Same(cause, await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(client).ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                await stream.WriteAsync(fixture.Bytes.AsMemory(0, Chunk), token);
                throw cause;
            },
            Cancellation)));
        Assert.Equal("DELETE", fixture.Requests[^1]);
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("application/x; charset=utf-8")]
    public async Task ReceiveAsync_MalformedMediaType_IsRefusedBeforeAByteIsSent(string mediaType)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Repository(client).ReceiveAsync(mediaType, (stream, token) => UploadFixture.WriteAsync(fixture.Bytes, stream, token), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact]
    public async Task ReceiveAsync_ChunksOfTheOptionsAreLargerThanMemory_AreMadeSmaller()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null, UploadChunkBytes = 1 << 30 });
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture));
        Assert.Contains($"PATCH 0-{UploadFixture.BlobBytes - 1}", fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_ChunksLargerThanMemory_OthersStillGoOnInChunks()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
        fixture.Host.Faults.Add(Fault.DropRequest(3 * Chunk).On(RegistryRequestKind.Upload).On(HttpMethod.Put).Once());
        fixture.Host.Faults.Add(Fault.Header("OCI-Chunk-Min-Length", "100000000").On(HttpMethod.Post));
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RemoteRepository repository = fixture.Repository(client);
        Assert.Null(await ReceiveAsync(repository, fixture));
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Contains($"PATCH {3 * Chunk}-{UploadFixture.BlobBytes - 1}", fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_RegistryThatWantsChunksLargerThanMemory_SaysSo()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Header("OCI-Chunk-Min-Length", "100000000").On(HttpMethod.Post));
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch));
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        Assert.Null(await ReceiveAsync(fixture.Repository(client), fixture));
        Assert.Single(fixture.Requests, request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    private static Task<Descriptor?> ReceiveAsync(RemoteRepository repository, UploadFixture fixture) =>
        repository.ReceiveAsync(MediaTypes.LayerGzip, (stream, token) => UploadFixture.WriteAsync(fixture.Bytes, stream, token), Cancellation);
}
