using System.Net;
using DevOps.Oci;
using DevOps.Registry.Server;

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
        using RegistryClient client = await fixture.NewStreamingClientAsync(inChunks: true);
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
        using RegistryClient client = await fixture.NewStreamingClientAsync(inChunks);
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
        using RegistryClient client = await fixture.NewStreamingClientAsync(inChunks);
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
            MediaTypes.LayerGzip, (stream, token) => UploadFixture.WriteAsync(++_calls == 1 ? other : fixture.Bytes, stream, token), Cancellation);
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

    private Task<Descriptor?> ReceiveAsync(RemoteRepository repository, byte[] bytes) => repository.ReceiveAsync(
        MediaTypes.LayerGzip,
        (stream, token) =>
        {
            _calls++;
            return UploadFixture.WriteAsync(bytes, stream, token);
        },
        Cancellation);
}
