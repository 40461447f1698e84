using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Http;
using DevOps.Testing;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>A push that is stopped leaves nothing at the registry. Source: OCI distribution-spec, "Cancel a blob upload".</summary>
public sealed class StoppedPushTests : IDisposable
{
    private const int Pushes = 20;
    private const long BlobBytes = 32 << 20;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Descriptor Large { get; } = Descriptor.ForContent(MediaTypes.LayerGzip, new byte[BlobUploads.MaxSmallBytes + 1]);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("stream")]
    [InlineData("seekable")]
    [InlineData("made")]
    [InlineData("copy")]
    public async Task Push_StoppedInTheMiddle_LeavesNoUpload(string way)
    {
        string folder = _directory.PathOf("registry");
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = folder }, cancellationToken: Cancellation);
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        for (int i = 0; i < Pushes; i++)
        {
            long stopAt = (i + 1) * BlobBytes / (Pushes + 1);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PushAsync(repository, way, i, position => Stop(position >= stopAt, stop), stop.Token));
            Assert.Empty(Uploads(folder));
        }
    }

    // In the middle of a body it takes no word any more: the state in the session's address must be of the last byte, and whoever was cut off never hears of that one.
    [Fact]
    public async Task CheckAndMount_DistributionRegistry_LeaveNoUpload()
    {
        string? peer = Environment.GetEnvironmentVariable("DEVOPS_TEST_REGISTRY");
        string? data = Environment.GetEnvironmentVariable("DEVOPS_TEST_REGISTRY_DATA");
        Assert.SkipUnless(!string.IsNullOrEmpty(peer) && !string.IsNullOrEmpty(data), "DEVOPS_TEST_REGISTRY and its data folder name no registry: run the tests with eng/test.sh.");
        string name = $"stopped/{Guid.NewGuid():n}";
        await using (RegistryClient client = new())
        {
            RemoteRepository repository = client.GetRepository($"{peer}/{name}");
            Assert.Equal(PushVerdict.Allowed, (await repository.CheckPushAsync(Cancellation)).Verdict);
            Assert.False(await repository.TryMountAsync(Large, client.GetRepository($"{peer}/{name}-base"), Cancellation));
            Assert.Single(Uploads(data!, name));
        }

        Assert.Empty(Uploads(data!, name));
    }

    [Fact]
    public async Task CancelAsync_SessionIsBusy_AsksAgainUntilItIsNot()
    {
        Queue<HttpStatusCode> answers = new([HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.NoContent]);
        using RegistryFixture fixture = Refusing(_ => ScriptedHandler.Answer(answers.Dequeue()));
        Task push = WriteAsync(fixture);
        await GoOnAsync(fixture, push);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => push);
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Empty(answers);
    }

    [Theory]
    [InlineData(HttpStatusCode.NoContent, 1)]
    [InlineData(HttpStatusCode.Accepted, 1)]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.MethodNotAllowed, 1)]
    [InlineData(HttpStatusCode.BadGateway, 3)]
    public async Task CancelAsync_AnotherAnswer_IsTakenOrTriedAFewTimes(HttpStatusCode status, int expected)
    {
        using RegistryFixture fixture = Refusing(_ => ScriptedHandler.Answer(status));
        Task push = WriteAsync(fixture);
        await GoOnAsync(fixture, push);
        await Assert.ThrowsAsync<RegistryException>(() => push);
        Assert.Equal(expected, Deletions(fixture));
    }

    [Fact]
    public async Task CancelAsync_SessionStaysBusy_IsGivenUpAfterFiveSeconds()
    {
        using RegistryFixture fixture = Refusing(_ => ScriptedHandler.Answer(HttpStatusCode.Conflict));
        DateTimeOffset start = fixture.Clock.GetUtcNow();
        Task push = WriteAsync(fixture);
        await GoOnAsync(fixture, push);
        await Assert.ThrowsAsync<RegistryException>(() => push);
        Assert.InRange(Deletions(fixture), 10, 20);
        Assert.InRange(fixture.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(5.5));
    }

    [Fact]
    public async Task CancelAsync_RegistryIsDown_IsTriedAFewTimes()
    {
        using RegistryFixture fixture = Refusing(_ => throw new HttpRequestException(HttpRequestError.ConnectionError), _ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        Task push = WriteAsync(fixture);
        await GoOnAsync(fixture, push);
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => push);
        Assert.Null(error.StatusCode);
        Assert.Equal(3, Deletions(fixture));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Push_StoppedWhileASessionIsOpened_CancelsThatSession(bool byMount)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using RegistryFixture fixture = new(request =>
        {
            if (request.Method != HttpMethod.Post)
            {
                return ScriptedHandler.Answer(HttpStatusCode.NoContent);
            }

            stop.Cancel();
            return ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1?_state=x")]);
        });
        RemoteRepository from = fixture.Client.GetRepository("registry.example/base/image");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => byMount
            ? fixture.Repository.TryMountAsync(Large, from, stop.Token).AsTask()
            : fixture.Repository.WriteAsync(Large, Stream.Null, stop.Token));
        Assert.Equal(["POST /v2/team/api/blobs/uploads/", "DELETE /u/1"], fixture.Requests.Select(request => $"{request.Method} {request.Address.AbsolutePath}"));
    }

    [Fact]
    public async Task Push_StoppedWhileNobodyAnswers_EndsAfterAMoment()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        using SilentHandler handler = new();
        using RegistryClient client = new(new() { Handler = handler, TimeProvider = clock });
        Task push = client.GetRepository("registry.example/team/api").WriteAsync(Large, Stream.Null, stop.Token);
        await handler.Asked.WaitAsync(Cancellation);
        await stop.CancelAsync();
        clock.Advance(await clock.WaitForTimerAsync(length => length <= TimeSpan.FromSeconds(2), Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push);
    }

    [Fact]
    public async Task Push_SmallBlobIsRefusedInItsSession_CancelsTheSession()
    {
        using RegistryFixture fixture = Refusing(_ => ScriptedHandler.Answer(HttpStatusCode.NoContent));
        await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation));
        Assert.Equal(["POST", "PUT", "DELETE"], fixture.Requests.Select(request => request.Method.Method));
    }

    [Fact]
    public async Task WriteAsync_SourceFailsAfterAMountThatWasNotPossible_CancelsTheSession()
    {
        using RegistryFixture fixture = Refusing(_ => ScriptedHandler.Answer(HttpStatusCode.NoContent));
        await fixture.Repository.TryMountAsync(RegistryFixture.Blob, fixture.Client.GetRepository("registry.example/base/image"), Cancellation);
        await Assert.ThrowsAsync<IOException>(() => fixture.Repository.WriteAsync(RegistryFixture.Blob, (_, _) => throw new IOException("The source broke."), Cancellation));
        Assert.Equal(["POST", "DELETE"], fixture.Requests.Select(request => request.Method.Method));
    }

    [Fact]
    public async Task DisposeAsync_MountThatWasNotPossible_CancelsTheSession()
    {
        using RegistryFixture fixture = Refusing(_ => ScriptedHandler.Answer(HttpStatusCode.NoContent));
        await fixture.Repository.TryMountAsync(RegistryFixture.Blob, fixture.Client.GetRepository("registry.example/base/image"), Cancellation);
        await fixture.Client.DisposeAsync();
        await fixture.Client.DisposeAsync();
        Assert.Equal(["POST", "DELETE"], fixture.Requests.Select(request => request.Method.Method));
    }

    private static async Task PushAsync(RemoteRepository repository, string way, int seed, Action<long> beforeRead, CancellationToken cancellationToken)
    {
        Descriptor blob = new(MediaTypes.LayerGzip, Digest.Compute(BitConverter.GetBytes(seed)), BlobBytes);
        if (way == "made")
        {
            await repository.ReceiveAsync(MediaTypes.LayerGzip, (target, token) => NewContent().CopyToAsync(target, token), cancellationToken);
        }
        else if (way == "copy")
        {
            await new ReadingSource(NewContent).CopyAsync(blob, repository, cancellationToken: cancellationToken);
        }
        else if (way == "seekable")
        {
            await repository.WriteAsync(blob, (_, _) => Task.FromResult<Stream>(NewContent()), cancellationToken);
        }
        else
        {
            await repository.WriteAsync(blob, NewContent(), cancellationToken);
        }

        PatternStream NewContent() => new(BlobBytes, (uint)seed) { BeforeRead = beforeRead };
    }

    private static void Stop(bool isDue, CancellationTokenSource stop)
    {
        if (isDue)
        {
            stop.Cancel();
        }
    }

    private static string[] Uploads(string registry) => Entries(Path.Combine(registry, "uploads"));

    // It leaves the folder of a session that it cancelled, with a hash of a hundred bytes.
    private static string[] Uploads(string distribution, string repository) => Entries(Path.Combine(distribution, "docker/registry/v2/repositories", repository, "_uploads"), "data", SearchOption.AllDirectories);

    private static string[] Entries(string folder, string pattern = "*", SearchOption depth = SearchOption.TopDirectoryOnly) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern, depth) : [];

    private static int Deletions(RegistryFixture fixture) => fixture.Requests.Count(request => request.Method == HttpMethod.Delete);

    private static Task WriteAsync(RegistryFixture fixture) => fixture.Repository.WriteAsync(Large, new MemoryStream(new byte[Large.SizeBytes]), Cancellation);

    /// <summary>A registry that opens sessions and takes nothing.</summary>
    private static RegistryFixture Refusing(Func<SentRequest, HttpResponseMessage> delete, Func<SentRequest, HttpResponseMessage>? put = null) => new(request => request.Method.Method switch
    {
        "POST" => ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]),
        "DELETE" => delete(request),
        _ => put?.Invoke(request) ?? ScriptedHandler.Answer(HttpStatusCode.BadRequest),
    });

    private static async Task GoOnAsync(RegistryFixture fixture, Task work)
    {
        while (!work.IsCompleted)
        {
            Task<TimeSpan> wait = fixture.Clock.WaitForTimerAsync(length => length < TimeSpan.FromSeconds(4), Cancellation);
            if (await Task.WhenAny(work, wait) == wait)
            {
                fixture.Clock.Advance(await wait);
            }
        }
    }

    /// <summary>Content that a copy reads.</summary>
    private sealed class ReadingSource(Func<Stream> open) : IContentSource
    {
        public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => Task.FromResult(open());
    }

    /// <summary>A registry that takes requests and says nothing.</summary>
    private sealed class SilentHandler : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Asked => _asked.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("It never ends by itself.");
        }
    }
}
