using System.Net;
using DevOps.Content;
using DevOps.Registry.Server;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Repositories;

public sealed class ResumableUploadTests
{
    private const int Chunk = UploadFixture.ChunkBytes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_WithoutJournal_SendsTheWholeAtOnce()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(["POST", "PUT"], fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_WholeBreaksOff_GoesOnBehindWhatArrived()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(3 * Chunk).On(RegistryRequestKind.Upload).On(HttpMethod.Put).Once());
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Contains($"PATCH {3 * Chunk}-{(4 * Chunk) - 1}", fixture.Requests);
        Assert.Equal([0, 3 * Chunk], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_Journal_SendsChunksThatFollowEachOther()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(
            ["POST", .. Enumerable.Range(0, 10).Select(i => $"PATCH {i * Chunk}-{((i + 1) * Chunk) - 1}"), $"PATCH {10 * Chunk}-{UploadFixture.BlobBytes - 1}", "PUT"],
            fixture.Requests);
        Assert.Equal([0], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(Chunk - 1)]
    public async Task WriteAsync_ChunkBreaksOff_GoesOnBehindWhatArrived(long arrived)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(arrived).On(HttpMethod.Patch).From(3).Once());
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([0, (2 * Chunk) + arrived], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_EveryChunkBreaksOffAfterAFewBytes_EndsWithTheError()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        InjectedFault drop = fixture.Host.Faults.Add(Fault.DropRequest(5).On(HttpMethod.Patch).From(2));
        using RegistryClient client = fixture.NewClient();
        await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(client).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        Assert.InRange(drop.HitCount, 1, 10);
    }

    [Fact] // Source: distribution-spec issue 578: 0-0 is one byte or none.
    public async Task WriteAsync_FirstChunkBreaksOff_BeginsAnew()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(1).On(HttpMethod.Patch).Once());
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([0, 0], fixture.Opened);
        Assert.Equal(2, fixture.Requests.Count(request => request == "POST"));
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData(-3 * Chunk)]
    [InlineData(9 * Chunk)]
    public async Task WriteAsync_RegistryLiesAboutItsProgress_BeginsAnew(long lie)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.ShiftRange(lie).On(RegistryRequestKind.Upload).On(HttpMethod.Get));
        fixture.Host.Faults.Add(Fault.DropRequest(7).On(HttpMethod.Patch).From(5).Once());
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([0, 0], fixture.Opened);
        Assert.Contains("DELETE", fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact] // Source: dotnet/sdk issue 33019: one registry always says the same of its progress, and knows no status.
    public async Task WriteAsync_RegistryOfOneRangeWithoutStatus_TakesItsStatusForTheTruth()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Header("Range", "0-10485759").On(HttpMethod.Patch));
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Upload).On(HttpMethod.Get));
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([0], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Theory] // Source: sdk-container-builds issue 287: one registry takes only whole blobs. RFC 9110, section 15.6.2: 501 is for a method that a server does not support.
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task WriteAsync_RegistryThatTakesNoChunks_GetsTheWholeAndIsNotAskedAgain(HttpStatusCode status)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(status).On(HttpMethod.Patch));
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        await fixture.AssertHeldAsync(repository);
        await client.GetRepository($"{fixture.Host.Address}/team/other").WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Single(fixture.Requests, request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_MinimumOfChunks_IsKept()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Header("OCI-Chunk-Min-Length", "300000").On(HttpMethod.Post));
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(["POST", "PATCH 0-299999", "PATCH 300000-599999", $"PATCH 600000-{UploadFixture.BlobBytes - 1}", "PUT"], fixture.Requests);
    }

    [Fact]
    public async Task WriteAsync_EndlessMinimumOfChunks_IsBounded()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Header("OCI-Chunk-Min-Length", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)).On(HttpMethod.Post));
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(["POST", "PUT"], fixture.Requests);
    }

    [Fact]
    public async Task WriteAsync_OtherBytesInTheSession_SendsTheWholeOnceMore()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        byte right = fixture.Bytes[5];
        using (RegistryClient first = fixture.NewClient(options => options with { MaxRetries = 0 }))
        {
            fixture.Host.Faults.Add(Fault.DropRequest(100).On(HttpMethod.Patch).From(5).Once());
            fixture.Bytes[5] ^= 1;
            await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(first).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        }

        fixture.Bytes[5] = right;
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(0, fixture.Opened[^1]);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_OtherContent_IsRefusedAndLeavesNoNote()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        fixture.Bytes[^1] ^= 1;
        await Assert.ThrowsAsync<DigestMismatchException>(() => repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        Assert.False(await repository.ContainsAsync(fixture.Blob, Cancellation));
        Assert.Empty(fixture.Notes);
        Assert.Equal("DELETE", fixture.Requests[^1]);
    }

    [Fact] // As with several registries behind one address that share no uploads.
    public async Task WriteAsync_EverySessionIsLostAfterItsFirstChunk_EndsWithTheError()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using ForgetfulRegistry forgetful = new();
        using RegistryClient client = fixture.NewClient(options => options with { Handler = forgetful });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(client).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        Assert.Equal(4, forgetful.SessionCount);
    }

    [Fact]
    public async Task CopyAsync_LayoutToRegistryBreaksOff_TheNextCopyGoesOn()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using OciLayout layout = new(fixture.LayoutPath);
        await layout.WriteAsync(fixture.Blob, new MemoryStream(fixture.Bytes), Cancellation);
        fixture.Host.Faults.Add(Fault.DropRequest(100).On(HttpMethod.Patch).From(5).Once());
        using (RegistryClient first = fixture.NewClient(options => options with { MaxRetries = 0 }))
        {
            ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => layout.CopyAsync(fixture.Blob, fixture.Repository(first), cancellationToken: Cancellation));
            Assert.Equal(CopySide.Target, error.Side);
        }

        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await layout.CopyAsync(fixture.Blob, repository, cancellationToken: Cancellation);
        Assert.Contains($"PATCH {(4 * Chunk) + 100}-{(5 * Chunk) + 99}", fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task CopyAsync_SourceThatCannotSeek_IsReadAgainAndVerified()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        MemoryStore memory = new();
        await memory.WriteAsync(fixture.Blob, new MemoryStream(fixture.Bytes), Cancellation);
        fixture.Host.Faults.Add(Fault.DropRequest(100).On(HttpMethod.Patch).From(5).Once());
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await memory.CopyAsync(fixture.Blob, repository, cancellationToken: Cancellation);
        Assert.Contains($"PATCH {(4 * Chunk) + 100}-{(5 * Chunk) + 99}", fixture.Requests);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task CopyAsync_DamagedLayout_IsTheFaultOfTheSource()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using OciLayout layout = new(fixture.LayoutPath);
        await layout.WriteAsync(fixture.Blob, new MemoryStream(fixture.Bytes), Cancellation);
        fixture.Bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(fixture.LayoutPath, "blobs", "sha256", fixture.Blob.Digest.Hex), fixture.Bytes, Cancellation);
        using RegistryClient client = fixture.NewClient();
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => layout.CopyAsync(fixture.Blob, fixture.Repository(client), cancellationToken: Cancellation));
        Assert.Equal(CopySide.Source, error.Side);
        Assert.IsType<DigestMismatchException>(error.InnerException);
        Assert.Empty(fixture.Notes);
    }

    [Fact]
    public async Task WriteAsync_TokenEndsBetweenChunks_GoesOn()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync(new BearerAuthorizer(RegistryTokenKey.Generate(), new NobodyIsKnown(), (_, _, _) => ValueTask.FromResult(RegistryActions.All)));
        fixture.Host.Faults.Add(Fault.ExpiredToken().On(HttpMethod.Patch).From(4).Once());
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([0, 3 * Chunk], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task WriteAsync_WholeIsRefused_IsNotTriedAgain(HttpStatusCode status)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(status).On(RegistryRequestKind.Upload).On(HttpMethod.Put));
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(client).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        Assert.Equal(status, error.StatusCode);
        Assert.Equal(["POST", "PUT", "DELETE"], fixture.Requests);
    }

    [Fact]
    public async Task WriteAsync_DistributionRegistry_TakesChunks()
    {
        string? peer = Environment.GetEnvironmentVariable("DEVOPS_TEST_REGISTRY");
        Assert.SkipUnless(!string.IsNullOrEmpty(peer), "DEVOPS_TEST_REGISTRY names no registry: run the tests with eng/test.sh.");
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = client.GetRepository($"{peer}/chunks/{Guid.NewGuid():n}");

        // The first process ends between two chunks.
        await Assert.ThrowsAsync<IOException>(() => repository.WriteAsync(
            fixture.Blob, (_, _) => Task.FromResult<Stream>(FaultyStream.ThrowingAt(fixture.Bytes, 2 * Chunk, new IOException("The end."))), Cancellation));
        Assert.Single(fixture.Notes);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([2 * Chunk], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    private sealed class NobodyIsKnown : IPasswordVerifier
    {
        public ValueTask<PasswordVerdict> VerifyAsync(string userName, string password, CancellationToken cancellationToken = default) => ValueTask.FromResult(PasswordVerdict.Rejected);
    }
}
