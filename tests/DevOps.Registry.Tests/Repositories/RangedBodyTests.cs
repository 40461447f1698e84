using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using DevOps.Content;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Testing;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;
using static DevOps.Registry.Tests.Repositories.RangedBlob;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Blobs that are read in several ranges at once. Source of what a server may answer: RFC 9110, section 14.</summary>
public sealed class RangedBodyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenReadAsync_ServerWithRanges_GivesThemInOrder()
    {
        using RegistryFixture fixture = Reading(request => Part(request));
        Assert.Equal(Bytes, await ReadAsync(fixture));
        Assert.Equal(Enumerable.Range(0, Ranges).Select(TextOf), fixture.Requests.OrderBy(FirstOf).Select(request => request.Message.Headers.Range?.ToString()));
    }

    [Theory]
    [InlineData(1, RangeBytes, 0)]
    [InlineData(Lanes, 1 << 20, 0)]
    [InlineData(Lanes, RangeBytes, 1 << 20)]
    public async Task OpenReadAsync_TooSmallOrNotWished_IsOneStream(int maxRanges, int rangeBytes, long minBlobBytes)
    {
        using RegistryFixture fixture = Reading(request => Part(request), new() { MaxRanges = maxRanges, RangeBytes = rangeBytes, MinBlobBytes = minBlobBytes });
        Assert.Equal(Bytes, await ReadAsync(fixture));
        Assert.Null(Assert.Single(fixture.Requests).Message.Headers.Range);
    }

    [Fact]
    public async Task OpenReadAsync_ServerWithoutRanges_IsOneStreamOfTheFirstAnswer()
    {
        using RegistryFixture fixture = Reading(_ => Whole());
        Assert.Equal(Bytes, await ReadAsync(fixture));
        Assert.Single(fixture.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task OpenReadAsync_ServerThatRefusesRanges_IsAskedForTheWhole(HttpStatusCode status)
    {
        using RegistryFixture fixture = Reading(request => request.Message.Headers.Range is null ? Whole() : ScriptedHandler.Answer(status));
        Assert.Equal(Bytes, await ReadAsync(fixture));
        Assert.Equal(2, fixture.Requests.Count);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(10, false)]
    [InlineData(5, true)]
    public async Task OpenReadAsync_RangeIgnoredLater_GoesOnAsOneStream(int ignored, bool always)
    {
        int asked = 0;
        using RegistryFixture fixture = Reading(request =>
            FirstOf(request) >= ignored * RangeBytes && (always || (FirstOf(request) == ignored * RangeBytes && Interlocked.Increment(ref asked) == 1)) ? Whole() : Part(request));
        Assert.Equal(Bytes, await ReadAsync(fixture));
        Assert.Equal(RestOf(ignored), fixture.Requests[^1].Message.Headers.Range?.ToString());
    }

    [Theory]
    [InlineData(0, "bytes 1-65536/656594")]
    [InlineData(0, "bytes 0-65535/656595")]
    [InlineData(0, "bytes 0-656593/656594")]
    [InlineData(4, "bytes 0-65535/656594")]
    [InlineData(4, "bytes 262144-327678/656594")]
    [InlineData(4, "bytes 262144-327679/656593")]
    [InlineData(4, null)]
    public async Task OpenReadAsync_LyingRange_IsRefused(int which, string? range)
    {
        using RegistryFixture fixture = Reading(request =>
        {
            HttpResponseMessage answer = Part(request);
            if (FirstOf(request) == which * RangeBytes)
            {
                answer.Content.Headers.ContentRange = range is null ? null : ContentRangeHeaderValue.Parse(range);
            }

            return answer;
        });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(fixture));
        Assert.Contains($"bytes {which * RangeBytes} to {(which + 1) * RangeBytes - 1} of {Bytes.Length}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenReadAsync_RangeThatBreaks_IsAskedForAgainByItself()
    {
        int breaks = 0;
        using RegistryFixture fixture = Reading(request => Part(request, FirstOf(request) == 4 * RangeBytes && breaks++ == 0 ? 1000 : int.MaxValue));
        Assert.Equal(Bytes, await ReadAsync(fixture));
        string again = string.Create(CultureInfo.InvariantCulture, $"bytes={(4 * RangeBytes) + 1000}-{(5 * RangeBytes) - 1}");
        Assert.Equal(
            [.. Enumerable.Range(0, Ranges).Select(TextOf), again],
            fixture.Requests.OrderBy(request => request.Message.Headers.Range!.ToString() == again).ThenBy(FirstOf).Select(request => request.Message.Headers.Range!.ToString()));
    }

    [Fact]
    public async Task OpenReadAsync_RangeThatBreaksAlways_FailsWithItsCause()
    {
        using RegistryFixture fixture = Reading(request => Part(request, FirstOf(request) == 4 * RangeBytes ? 0 : int.MaxValue));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(fixture));
        Assert.Equal("reset", error.InnerException?.Message);
        Assert.Equal(4, fixture.Requests.Count(request => FirstOf(request) == 4 * RangeBytes));
    }

    [Fact]
    public async Task OpenReadAsync_RangeThatIsRefused_SaysSo()
    {
        using RegistryFixture fixture = Reading(request => FirstOf(request) == 4 * RangeBytes ? ScriptedHandler.Answer(HttpStatusCode.Forbidden) : Part(request));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(fixture));
        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
    }

    [Fact]
    public async Task OpenReadAsync_GoneBetweenTheRanges_IsNotFound()
    {
        using RegistryFixture fixture = Reading(request => FirstOf(request) == 4 * RangeBytes ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : Part(request));
        await Assert.ThrowsAsync<ContentNotFoundException>(() => ReadAsync(fixture));
    }

    [Fact] // Source: containerd issue 12811: one range without progress ended a whole download.
    public async Task OpenReadAsync_RangeThatFallsSilent_IsAskedForAgainWithoutEndingTheRest()
    {
        int asked = 0;
        await using WaitingStream silent = new();
        using CountdownEvent ahead = new(Lanes - 1);
        using RegistryFixture fixture = Reading(request => FirstOf(request) switch
        {
            2 * RangeBytes when asked++ == 0 => Part(request, body: silent),
            3 * RangeBytes or 4 * RangeBytes => Part(request, body: new TellingStream(PartOf(request, Bytes), () => ahead.Signal())),
            _ => Part(request),
        });
        Task<byte[]> read = ReadAllAsync(fixture);

        // The others came as far as they can and rest; only the silent one waits for something.
        await Task.Run(() => ahead.Wait(Cancellation), Cancellation);
        await silent.Reading.WaitAsync(Cancellation);
        fixture.Clock.Advance(RegistryClientOptions.Default.NoProgressTimeout);
        Assert.Equal(Bytes, await MovingAsync(fixture, read));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task OpenReadAsync_FirstRangeIsSlow_HoldsTheOthersBack()
    {
        Pipe slow = new();
        Stream? content = null;
        using CountdownEvent others = new(Lanes - 1);
        ConcurrentQueue<(long Start, long Position)> asked = new();
        using RegistryFixture fixture = Reading(request =>
        {
            asked.Enqueue((FirstOf(request), content?.Position ?? 0));
            return FirstOf(request) == 0 ? Part(request, body: slow.Reader.AsStream())
                : FirstOf(request) < Lanes * RangeBytes ? Part(request, body: new TellingStream(PartOf(request, Bytes), () => others.Signal()))
                : Part(request);
        });
        await using Stream opened = content = await fixture.Repository.OpenReadAsync(Blob, Cancellation);
        await Task.Run(() => others.Wait(Cancellation), Cancellation);
        await slow.Writer.WriteAsync(Bytes.AsMemory(0, RangeBytes), Cancellation);
        await slow.Writer.CompleteAsync();

        const int Step = 1 << 12;
        using MemoryStream read = new();
        await content.CopyToAsync(read, Step, Cancellation);
        Assert.Equal(Bytes, read.ToArray());

        // A range is asked for once half of the lane's last one was read.
        Assert.All(asked, request => Assert.InRange(request.Start, 0, request.Position + (Lanes * RangeBytes) + (2 * Step)));
    }

    [Fact]
    public async Task OpenReadAsync_RangeOfManyBuffers_IsGivenInOneRead()
    {
        const int Large = 1 << 19;
        using CountdownEvent filled = new(2);
        using RegistryFixture fixture = Reading(request => Part(request, body: new TellingStream(PartOf(request, Bytes), () => filled.Signal())), new() { MaxRanges = 2, RangeBytes = Large, MinBlobBytes = 0 });
        await using Stream content = await fixture.Repository.OpenReadAsync(Blob, Cancellation);
        await Task.Run(() => filled.Wait(Cancellation), Cancellation);
        byte[] read = new byte[Bytes.Length];
        await content.ReadExactlyAsync(read, Cancellation);
        Assert.Equal(Bytes, read);
    }

    [Fact]
    public async Task OpenReadAsync_LargestSizeThatCanBeNamed_BeginsLikeAnyOther()
    {
        const int Odd = 70_000;
        using RegistryFixture fixture = Reading(request =>
        {
            HttpResponseMessage answer = Part(request);
            answer.Content.Headers.ContentRange = new(FirstOf(request), FirstOf(request) + Odd - 1, long.MaxValue);
            return answer;
        }, Options with { RangeBytes = Odd });
        await using Stream content = await fixture.Repository.OpenReadAsync(new(MediaTypes.LayerGzip, Blob.Digest, long.MaxValue), Cancellation);
        byte[] read = new byte[Lanes * Odd];
        await content.ReadExactlyAsync(read, Cancellation);
        Assert.Equal(Bytes[..(Lanes * Odd)], read);
    }

    [Fact]
    public async Task OpenReadAsync_WrongByteInOneRange_IsFound()
    {
        byte[] wrong = [.. Bytes];
        wrong[(7 * RangeBytes) + 5] ^= 1;
        using RegistryFixture fixture = Reading(request => Part(request, bytes: FirstOf(request) == 7 * RangeBytes ? wrong : Bytes));
        await Assert.ThrowsAsync<DigestMismatchException>(() => ReadAsync(fixture));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_WhileRangesAreUnderWay_ClosesThemAll(bool isAsync)
    {
        ConcurrentQueue<FaultyStream> bodies = new();
        using RegistryFixture fixture = Reading(request =>
        {
            FaultyStream body = FaultyStream.Whole(PartOf(request, Bytes));
            bodies.Enqueue(body);
            return Part(request, body: body);
        });
        Stream content = await fixture.Repository.OpenReadAsync(Blob, Cancellation);
        await content.ReadExactlyAsync(new byte[10], Cancellation);
        if (isAsync)
        {
            await content.DisposeAsync();
            Assert.All(bodies, body => Assert.True(body.IsDisposed));
        }
        else
        {
            content.Dispose();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await content.ReadExactlyAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task ReadAsync_Cancelled_IsCancellation()
    {
        using CancellationTokenSource stop = new();
        using RegistryFixture fixture = Reading(request => Part(request, body: new Pipe().Reader.AsStream()));
        await using Stream content = await fixture.Repository.OpenReadAsync(Blob, Cancellation);
        Task<int> read = content.ReadAsync(new byte[1], stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact] // As registries do that keep blobs in an object store: each request is led to a signed address, which takes no other proof.
    public async Task OpenReadAsync_RedirectToASignedAddress_IsFollowedForEachRange()
    {
        int signed = 0;
        using RegistryFixture fixture = new(
            request => request.Address.Host == "storage.example" ? Part(request)
                : request.Authorization is null ? RegistryFixture.Challenge("""Basic realm="x" """)
                : ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", $"https://storage.example/blob?sig=secret-token-{Interlocked.Increment(ref signed)}")]),
            options => RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password))(options) with { BlobRanges = Options });
        Assert.Equal(Bytes, await ReadAllAsync(fixture));
        SentRequest[] stored = [.. fixture.Requests.Where(request => request.Address.Host == "storage.example")];
        Assert.Equal(Enumerable.Range(0, Ranges).Select(TextOf), stored.OrderBy(FirstOf).Select(request => request.Message.Headers.Range?.ToString()));
        Assert.All(stored, request => Assert.Null(request.Authorization));
        Assert.Equal(Ranges, stored.Select(request => request.Address.Query).Distinct().Count());
        fixture.AssertNoSecrets();
    }

    [Fact]
    public async Task OpenReadAsync_RegistryThatFails_IsReadWhole()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        using RegistryClient client = new(new() { BlobRanges = Options, MaxRetryDelay = TimeSpan.FromMilliseconds(1) });
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        await repository.WriteAsync(Blob, new MemoryStream(Bytes), Cancellation);
        InjectedFault[] faults =
        [
            host.Faults.Add(Fault.Drop(1000).On(RegistryRequestKind.Blob).On(HttpMethod.Get).From(3).Times(2)),
            host.Faults.Add(Fault.Answer(HttpStatusCode.ServiceUnavailable).On(RegistryRequestKind.Blob).On(HttpMethod.Get).From(2).Once()),
            host.Faults.Add(Fault.IgnoreRange().On(RegistryRequestKind.Blob).On(HttpMethod.Get).From(9)),
        ];
        ReadOnlyMemory<byte> read = await repository.ReadAllBytesAsync(Blob, cancellationToken: Cancellation);
        Assert.True(read.Span.SequenceEqual(Bytes));
        Assert.All(faults, fault => Assert.NotEqual(0, fault.HitCount));
    }

    [Theory]
    [InlineData(StoreKind.EmbeddedRegistry)]
    [InlineData(StoreKind.DockerRegistry)]
    public async Task OpenReadAsync_RealRegistry_GivesRanges(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        RemoteRepository written = (RemoteRepository)open.Store;
        await written.WriteAsync(Blob, new MemoryStream(Bytes), Cancellation);
        using Answers answers = new();
        using RegistryClient client = new(new() { BlobRanges = Options, Handler = answers });
        await using Stream content = await client.GetRepository(written.Registry, written.Name).OpenReadAsync(Blob, Cancellation);
        using MemoryStream read = new();
        await content.CopyToAsync(read, Cancellation);
        Assert.Equal(Bytes, read.ToArray());
        Assert.Equal(Ranges, answers.Statuses.Count(status => status == HttpStatusCode.PartialContent));
        Assert.DoesNotContain(HttpStatusCode.RequestedRangeNotSatisfiable, answers.Statuses);
    }

    /// <summary>Keeps what a real server answered.</summary>
    private sealed class Answers() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        internal ConcurrentQueue<HttpStatusCode> Statuses { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            Statuses.Enqueue(answer.StatusCode);
            return answer;
        }
    }
}
