using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Hostile;

namespace DevOps.Registry.Tests.Repositories;

public sealed class StreamedUploadTests
{
    private const int Chunk = UploadFixture.ChunkBytes;

    private int _calls;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReceiveAsync_Content_GoesInOneRequestAndIsHeld()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal(["POST", "PATCH", "PUT"], fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_BreaksOff_MakesTheContentAgainAndGoesOnBehindWhatArrived()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(3 * Chunk).On(HttpMethod.Patch).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal(2, _calls);
        Assert.Equal(["POST", "PATCH", "GET", "PATCH", "PUT"], fixture.Requests.Where((request, i) => request != "GET" || fixture.Requests[i - 1] != "GET"));
        await fixture.AssertHeldAsync(repository);
    }

    [Fact] // Source: distribution-spec issue 578: 0-0 is one byte or none.
    public async Task ReceiveAsync_BreaksOffAtTheFirstByte_BeginsAnew()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(1).On(HttpMethod.Patch).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal(2, fixture.Requests.Count(request => request == "POST"));
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData(-2 * Chunk)]
    [InlineData(9 * Chunk)]
    public async Task ReceiveAsync_RegistryLiesAboutItsProgress_IsHeldAllTheSame(long lie)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.ShiftRange(lie).On(RegistryRequestKind.Upload).On(HttpMethod.Get));
        fixture.Host.Faults.Add(Fault.DropRequest(4 * Chunk).On(HttpMethod.Patch).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task ReceiveAsync_RefusedOnce_TriesAgain(HttpStatusCode status)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(status).On(HttpMethod.Patch).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal(["PATCH", "PATCH"], fixture.Requests.Where(request => request.StartsWith("PATCH", StringComparison.Ordinal)));
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_SessionLost_BeginsAnew()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(4 * Chunk).On(HttpMethod.Patch).Once());
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Upload).On(HttpMethod.Get));
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal(2, fixture.Requests.Count(request => request == "POST"));
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_RegistryThatStaysDown_GivesUpAndCancels()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.ServiceUnavailable).On(HttpMethod.Patch));
        using RegistryClient client = NewClient(fixture);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Equal(4, fixture.Requests.Count(request => request == "PATCH"));
        Assert.Equal("DELETE", fixture.Requests[^1]);
        Assert.DoesNotContain("PUT", fixture.Requests);
    }

    [Fact]
    public async Task ReceiveAsync_RegistryThatForbids_IsNotAskedAgain()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.Forbidden).On(HttpMethod.Patch));
        using RegistryClient client = NewClient(fixture);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Equal(["POST", "PATCH", "DELETE"], fixture.Requests);
    }

    [Theory] // Source: RFC 9110, section 15.5.12: a server may want to know the length.
    [InlineData(HttpStatusCode.LengthRequired)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotImplemented)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    public async Task ReceiveAsync_RegistryThatWantsLengths_GetsChunksFromThenOn(HttpStatusCode status)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(status).On(HttpMethod.Patch).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        string[] chunks = ["POST", .. Enumerable.Range(0, 10).Select(i => $"PATCH {i * Chunk}-{((i + 1) * Chunk) - 1}"), $"PATCH {10 * Chunk}-{UploadFixture.BlobBytes - 1}", "PUT"];
        Assert.Equal(["POST", "PATCH", "DELETE", .. chunks], fixture.Requests);
        await fixture.AssertHeldAsync(repository);

        Assert.Equal(fixture.Blob, await ReceiveAsync(client.GetRepository($"{fixture.Host.Address}/team/other"), fixture.Bytes));
        Assert.Equal(chunks, fixture.Requests[^chunks.Length..]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(Chunk - 1, 1)]
    [InlineData(Chunk, 1)]
    [InlineData(Chunk + 1, 2)]
    [InlineData(3 * Chunk, 3)]
    public async Task ReceiveAsync_LengthsAroundChunks_TakeNoChunkTooMany(int length, int chunks)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = await NewClientAsync(fixture, inChunks: true);
        RemoteRepository repository = fixture.Repository(client);
        int before = fixture.Requests.Length;
        Descriptor expected = Descriptor.ForContent(MediaTypes.LayerGzip, fixture.Bytes.AsSpan(0, length));
        Assert.Equal(expected, await ReceiveAsync(repository, fixture.Bytes[..length]));
        Assert.Equal(chunks, fixture.Requests[before..].Count(request => request.StartsWith("PATCH", StringComparison.Ordinal)));
        Assert.True(await repository.ContainsAsync(expected, Cancellation));
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(Chunk - 1)]
    public async Task ReceiveAsync_ChunkBreaksOff_GoesOnBehindWhatArrived(long arrived)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
        fixture.Host.Faults.Add(Fault.DropRequest(arrived).On(HttpMethod.Patch).From(3).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
        Assert.Contains(fixture.Requests, request => request.StartsWith($"PATCH {(2 * Chunk) + arrived}-", StringComparison.Ordinal));
        Assert.Equal(2, _calls);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact] // Source: sdk-container-builds issue 287: one registry takes only whole blobs.
    public async Task ReceiveAsync_RegistryThatTakesWholeBlobsAlone_SaysSoAndIsNotAskedAgain()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.MethodNotAllowed).On(HttpMethod.Patch));
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Null(await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal("DELETE", fixture.Requests[^1]);
        int requests = fixture.Requests.Length;
        int calls = _calls;

        Assert.Null(await ReceiveAsync(repository, fixture.Bytes));
        Assert.Equal((requests, calls), (fixture.Requests.Length, _calls));
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_RegistryThatWantsChunksLargerThanMemory_SaysSo()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Header("OCI-Chunk-Min-Length", "100000000").On(HttpMethod.Post));
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch));
        using RegistryClient client = NewClient(fixture);
        Assert.Null(await ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Single(fixture.Requests, request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReceiveAsync_Journal_TakesNothing()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient();
        Assert.Null(await ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Empty(fixture.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReceiveAsync_ContentCannotBeMade_PassesTheErrorOnAndCancels(bool inChunks)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = await NewClientAsync(fixture, inChunks);
        RemoteRepository repository = fixture.Repository(client);
        _calls = 0;
        IOException cause = new("The file changed.");
        IOException error = await Assert.ThrowsAsync<IOException>(() => repository.ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                _calls++;
                await stream.WriteAsync(fixture.Bytes.AsMemory(0, 5 * Chunk), token);
                throw cause;
            },
            Cancellation));
        Assert.Same(cause, error);
        Assert.Equal(1, _calls);
        Assert.Equal("DELETE", fixture.Requests[^1]);
        Assert.False(await repository.ContainsAsync(fixture.Blob, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReceiveAsync_Cancelled_CancelsTheUpload(bool inChunks)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = await NewClientAsync(fixture, inChunks);
        RemoteRepository repository = fixture.Repository(client);
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => repository.ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                await stream.WriteAsync(fixture.Bytes.AsMemory(0, 5 * Chunk), token);
                await stop.CancelAsync();
                await stream.WriteAsync(fixture.Bytes.AsMemory(5 * Chunk), token);
            },
            stop.Token));
        Assert.Equal("DELETE", fixture.Requests[^1]);
        Assert.False(await repository.ContainsAsync(fixture.Blob, Cancellation));
    }

    [Fact]
    public async Task ReceiveAsync_OtherContentAfterABreak_IsSentAsAWhole()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(3 * Chunk).On(HttpMethod.Patch).Once());
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        byte[] other = [.. fixture.Bytes.Reverse()];
        Descriptor? held = await repository.ReceiveAsync(
            MediaTypes.LayerGzip, (stream, token) => WriteAsync(++_calls == 1 ? other : fixture.Bytes, stream, token), Cancellation);
        Assert.Equal(fixture.Blob, held);
        Assert.Equal(3, _calls);
        Assert.Equal(2, fixture.Requests.Count(request => request == "PUT"));
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_RegistryRefusesTheDigestTwice_Fails()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.BadRequest).On(HttpMethod.Put));
        using RegistryClient client = NewClient(fixture);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Equal(2, _calls);
        Assert.Equal("DELETE", fixture.Requests[^1]);
    }

    [Fact] // As with several registries behind one address that share no uploads.
    public async Task ReceiveAsync_EverySessionIsLostAfterItsFirstChunk_EndsWithTheError()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using ForgetfulRegistry forgetful = new();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null, Handler = forgetful });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);

        // The first of them was for a stream, which the registry does not take.
        Assert.Equal(1 + 4, forgetful.SessionCount);
    }

    [Fact]
    public async Task ReceiveAsync_ConnectionEndsWhileContentIsMade_WaitsForThatBeforeItIsMadeAgain()
    {
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
                    await (++_calls == 2 ? Task.FromException(end) : Task.Delay(Timeout.Infinite, token));
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
        using RegistryClient client = await NewClientAsync(fixture, inChunks, options => options with { Registries = ofOneSlot });
        ConcurrentQueue<int> atOnce = new();
        int running = 0;
        Descriptor?[] held = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => client.GetRepository($"{fixture.Host.Address}/team/api{i}").ReceiveAsync(
            MediaTypes.LayerGzip,
            async (stream, token) =>
            {
                atOnce.Enqueue(Interlocked.Increment(ref running));
                await WriteAsync(fixture.Bytes, stream, token);
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
        using RegistryClient client = NewClient(fixture);
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
        using RegistryClient client = NewClient(fixture);
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Repository(client).ReceiveAsync(mediaType, (stream, token) => WriteAsync(fixture.Bytes, stream, token), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact]
    public async Task ReceiveAsync_ChunksOfTheOptionsAreLargerThanMemory_AreMadeSmaller()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null, UploadChunkBytes = 1 << 30 });
        RemoteRepository repository = fixture.Repository(client);
        Assert.Equal(fixture.Blob, await ReceiveAsync(repository, fixture.Bytes));
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
        using RegistryClient client = NewClient(fixture);
        RemoteRepository repository = fixture.Repository(client);
        Assert.Null(await ReceiveAsync(repository, fixture.Bytes));
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Contains($"PATCH {3 * Chunk}-{UploadFixture.BlobBytes - 1}", fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task ReceiveAsync_RegistryStoresAnotherDigest_Fails()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        Digest other = Digest.Compute("other"u8);
        fixture.Host.Faults.Add(Fault.ContentDigest(other).On(HttpMethod.Put));
        using RegistryClient client = NewClient(fixture);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReceiveAsync(fixture.Repository(client), fixture.Bytes));
        Assert.Contains(other.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(fixture.Blob.Digest.ToString(), error.Message, StringComparison.Ordinal);
    }

    private static RegistryClient NewClient(UploadFixture fixture) => fixture.NewClient(options => options with { UploadJournal = null });

    private async Task<RegistryClient> NewClientAsync(UploadFixture fixture, bool inChunks, Func<RegistryClientOptions, RegistryClientOptions>? configure = null)
    {
        RegistryClient client = fixture.NewClient(options => (configure?.Invoke(options) ?? options) with { UploadJournal = null });
        if (inChunks)
        {
            fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
            await ReceiveAsync(client.GetRepository($"{fixture.Host.Address}/team/first"), [1, 2, 3]);
        }

        return client;
    }

    private Task<Descriptor?> ReceiveAsync(RemoteRepository repository, byte[] bytes) => repository.ReceiveAsync(
        MediaTypes.LayerGzip,
        (stream, token) =>
        {
            _calls++;
            return WriteAsync(bytes, stream, token);
        },
        Cancellation);

    private static async Task WriteAsync(byte[] bytes, Stream stream, CancellationToken cancellationToken)
    {
        foreach (byte[] piece in bytes.Chunk(10_007))
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }
}
