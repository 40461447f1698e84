using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Http;

public sealed class PullMirrorsTests
{
    private const string One = "one.example";
    private const string Two = "two.example";

    private static readonly byte[] Large = new byte[OciDocument.MaxLengthBytes + 1000];

    private static readonly Descriptor LargeBlob = Descriptor.ForContent(MediaTypes.LayerGzip, Large);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenReadAsync_Mirrors_AreAskedInOrderAndToldWhoIsMeant()
    {
        using RegistryFixture fixture = new(request => request.Address.Host == Two ? Blob() : ScriptedHandler.Answer(HttpStatusCode.NotFound), With(One, Two));
        Assert.Equal(RegistryFixture.BlobBytes, await ReadAsync(fixture, RegistryFixture.Blob));
        string path = $"/v2/team/api/blobs/{RegistryFixture.Blob.Digest}?ns=registry.example";
        Assert.Equal([$"https://one.example{path}", $"https://two.example{path}"], fixture.Requests.Select(request => request.Address.AbsoluteUri));
    }

    [Fact]
    public async Task OpenReadAsync_DockerHub_IsCalledByItsName()
    {
        using RegistryFixture fixture = new(_ => Blob(), With("docker.io", [One], MirrorTrust.Digests), registry: "docker.io");
        await ReadAsync(fixture, RegistryFixture.Blob);
        Assert.EndsWith("?ns=docker.io", Assert.Single(fixture.Requests).Address.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.PartialContent)]
    [InlineData(null)]
    public async Task OpenReadAsync_MirrorThatCannotHelp_LeadsToTheRegistryAndIsNotAskedForAWhile(HttpStatusCode? status)
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == RegistryFixture.Host ? Blob()
                : status is { } answer ? ScriptedHandler.Answer(answer, headers: [("WWW-Authenticate", "Negotiate")]) : throw new HttpRequestException(HttpRequestError.ConnectionError, "down"),
            options => With(One)(options) with { MaxRetries = 3 });
        Assert.Equal(RegistryFixture.BlobBytes, await ReadAsync(fixture, RegistryFixture.Blob));
        Assert.Equal(RegistryFixture.BlobBytes, await ReadAsync(fixture, RegistryFixture.Blob));
        Assert.Equal([One, RegistryFixture.Host, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
        Assert.DoesNotContain("ns=", fixture.Requests[1].Address.Query, StringComparison.Ordinal);

        fixture.Clock.Advance(PullMirrors.Rest);
        await ReadAsync(fixture, RegistryFixture.Blob);
        Assert.Equal(One, fixture.Requests[3].Address.Host);
    }

    [Fact]
    public async Task OpenReadAsync_MirrorWithoutOneRepository_IsAskedForOthers()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == One && request.Address.AbsolutePath.StartsWith("/v2/team/api/", StringComparison.Ordinal) ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : Blob(),
            With(One));
        await ReadAsync(fixture, RegistryFixture.Blob);
        await using Stream other = await fixture.Client.GetRepository($"{RegistryFixture.Host}/team/other").OpenReadAsync(RegistryFixture.Blob, Cancellation);
        Assert.Equal([One, RegistryFixture.Host, One], fixture.Requests.Select(request => request.Address.Host));
    }

    [Fact]
    public async Task OpenReadAsync_Credentials_AreThoseOfWhoIsAsked()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-of-the-mirror"}""")
                : request.Authorization is not null && request.Address.Host == RegistryFixture.Host ? Blob()
                : request.Address.Host == One ? RegistryFixture.Challenge("""Bearer realm="https://auth.example/token",service="one" """) : RegistryFixture.Challenge("""Basic realm="x" """),
            options => With(One)(options) with
            {
                Credentials = new FixedCredentials()
                    .Add(RegistryAddress.Parse(RegistryFixture.Host), Credential.FromPassword("user", RegistryFixture.Password))
                    .Add(RegistryAddress.Parse(One), Credential.FromPassword("mirror", "other-word")),
            });
        await ReadAsync(fixture, RegistryFixture.Blob);

        string upstream = "Basic " + Convert.ToBase64String("user:pa55-word-of-a-test"u8);
        string mirror = "Basic " + Convert.ToBase64String("mirror:other-word"u8);
        Assert.Equal(
            [$"{One} ", $"auth.example {mirror}", $"{One} Bearer secret-token-of-the-mirror", $"{RegistryFixture.Host} ", $"{RegistryFixture.Host} {upstream}"],
            fixture.Requests.Select(request => $"{request.Address.Host} {request.Authorization}"));
    }

    [Fact]
    public async Task OpenReadAsync_MirrorWithoutCredentials_GetsNoneOfTheRegistry()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == One ? RegistryFixture.Challenge("""Basic realm="x" """) : request.Authorization is null ? RegistryFixture.Challenge("""Basic realm="x" """) : Blob(),
            options => RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password))(With(One)(options)));
        await ReadAsync(fixture, RegistryFixture.Blob);
        Assert.All(fixture.Requests.Where(request => request.Address.Host == One), request => Assert.Null(request.Authorization));
    }

    [Theory]
    [InlineData("a bloc")]
    [InlineData("a blo")]
    [InlineData("a blob, and more")]
    [InlineData("")]
    public async Task OpenReadAsync_WrongBytesOfSmallContent_AreNeverHandedOn(string wrong)
    {
        // Without a length, so that the bytes have to be read to see that they are wrong.
        using RegistryFixture fixture = new(
            request => request.Address.Host == One ? new(HttpStatusCode.OK) { Content = new StreamContent(new Unseekable(System.Text.Encoding.UTF8.GetBytes(wrong))) } : Ranged(request, RegistryFixture.BlobBytes),
            With(One));
        Assert.Equal(RegistryFixture.BlobBytes, await ReadAsync(fixture, RegistryFixture.Blob));
        Assert.Equal(RegistryFixture.BlobBytes, await ReadAsync(fixture, RegistryFixture.Blob));
        Assert.Single(fixture.Requests, request => request.Address.Host == One);
    }

    [Fact]
    public async Task OpenReadAsync_WrongBytesOfLargeContent_FailAndTheNextReadLeavesTheMirrorOut()
    {
        byte[] wrong = [.. Large];
        wrong[1000] = 1;
        using RegistryFixture fixture = new(request => Ranged(request, request.Address.Host == One ? wrong : Large), With(One));
        await Assert.ThrowsAsync<DigestMismatchException>(() => ReadAsync(fixture, LargeBlob));
        Assert.Equal(Large, await ReadAsync(fixture, LargeBlob));
        Assert.Equal([One, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenReadAsync_MirrorThatBreaksInTheMiddle_GoesOnAtTheRegistry(bool endsInOrder)
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host != One ? Ranged(request, Large)
                : new(HttpStatusCode.OK) { Content = new StreamContent(endsInOrder ? new Unseekable(Large[..777_777]) : FaultyStream.ThrowingAt(Large, 777_777, new IOException("reset"))) },
            With(One));
        Assert.Equal(Large, await ReadAsync(fixture, LargeBlob));
        Assert.Equal([null, $"bytes=777777-{Large.Length - 1}"], fixture.Requests.Select(request => request.Message.Headers.Range?.ToString()));
        Assert.Equal([One, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
    }

    [Fact]
    public async Task OpenReadAsync_SecondMirrorWithAnotherRange_IsPassedOver()
    {
        using RegistryFixture fixture = new(
            request =>
            {
                if (request.Address.Host == One)
                {
                    return new(HttpStatusCode.OK) { Content = new StreamContent(FaultyStream.ThrowingAt(Large, 5000, new IOException("reset"))) };
                }

                HttpResponseMessage answer = Ranged(request, Large);
                if (request.Address.Host == Two)
                {
                    answer.Content.Headers.ContentRange = new(4999, Large.Length - 1, Large.Length);
                }

                return answer;
            },
            With(One, Two));
        Assert.Equal(Large, await ReadAsync(fixture, LargeBlob));
        Assert.Equal([One, Two, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
    }

    [Fact]
    public async Task OpenReadAsync_ManifestThatComesAsAnother_IsReadAtTheRegistry()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == One
                ? ScriptedHandler.Answer(HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(RegistryFixture.ManifestBytes), MediaTypes.ImageManifest)
                : RegistryFixture.Found(),
            With(One));
        Assert.Equal(RegistryFixture.ManifestBytes, await ReadAsync(fixture, RegistryFixture.Manifest));
        Assert.Equal([One, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
    }

    [Fact]
    public async Task OpenReadAsync_RangesOfAMirrorThatFails_ComeFromTheRegistry()
    {
        const int rangeBytes = 1 << 20;
        using RegistryFixture fixture = new(
            request => request.Address.Host == One && request.Message.Headers.Range!.Ranges.Single().From >= 2 * rangeBytes ? ScriptedHandler.Answer(HttpStatusCode.BadGateway) : Ranged(request, Large),
            options => With(One)(options) with { BlobRanges = new() { MaxRanges = 2, RangeBytes = rangeBytes, MinBlobBytes = rangeBytes } });
        Assert.Equal(Large, await ReadAsync(fixture, LargeBlob));
        Assert.Contains(fixture.Requests, request => request.Address.Host == One);
        Assert.Contains(fixture.Requests, request => request.Address.Host == RegistryFixture.Host);
    }

    [Fact]
    public async Task OpenReadAsync_MirrorAndRegistryFail_TellsOfTheRegistry()
    {
        using RegistryFixture fixture = new(request => ScriptedHandler.Answer(request.Address.Host == One ? HttpStatusCode.BadGateway : HttpStatusCode.NotFound), With(One));
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() => ReadAsync(fixture, RegistryFixture.Blob));
        Assert.Contains(RegistryFixture.Host, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_Tag_IsAskedAtTheRegistryUnlessTheMirrorIsTrusted()
    {
        using RegistryFixture careful = new(_ => RegistryFixture.Found(), With(One));
        Assert.NotNull(await careful.ResolveAsync());
        Assert.Equal(RegistryFixture.Host, Assert.Single(careful.Requests).Address.Host);

        using RegistryFixture trusting = new(_ => RegistryFixture.Found(), Trusting(One));
        Assert.NotNull(await trusting.ResolveAsync());
        Assert.Equal("https://one.example/v2/team/api/manifests/latest?ns=registry.example", Assert.Single(trusting.Requests).Address.AbsoluteUri);
    }

    [Fact]
    public async Task ResolveAsync_Digest_IsBelievedForItsBytesAlone()
    {
        string other = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],"annotations":{"a":"b"}}""";
        using RegistryFixture fixture = new(
            request => request.Address.Host == One
                ? ScriptedHandler.Answer(HttpStatusCode.OK, other, MediaTypes.ImageIndex, ("Docker-Content-Digest", RegistryFixture.Manifest.Digest.ToString()))
                : RegistryFixture.Found(),
            Trusting(One));
        Descriptor? found = await fixture.Repository.ResolveAsync(RegistryFixture.Manifest.Digest.ToString(), Cancellation);
        Assert.Equal(RegistryFixture.Manifest.SizeBytes, found?.SizeBytes);
        Assert.Equal([One, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
    }

    [Fact]
    public async Task ResolveAsync_TagThatTheMirrorLacks_IsAskedAtTheRegistry()
    {
        using RegistryFixture fixture = new(request => request.Address.Host == One ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : RegistryFixture.Found(), Trusting(One));
        Assert.NotNull(await fixture.ResolveAsync());
    }

    [Fact]
    public async Task Writes_Lists_AndWhatIsAskedForThem_NeverGoToAMirror()
    {
        using RegistryFixture fixture = new(
            request => request.Method == HttpMethod.Put || request.Method == HttpMethod.Post ? ScriptedHandler.Answer(HttpStatusCode.Created)
                : request.Method == HttpMethod.Delete ? ScriptedHandler.Answer(HttpStatusCode.Accepted)
                : request.Address.AbsolutePath.EndsWith("/tags/list", StringComparison.Ordinal) ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"tags":["a"]}""")
                : request.Address.AbsolutePath.Contains("/referrers/", StringComparison.Ordinal) ? RegistryFixture.Found()
                : ScriptedHandler.Answer(HttpStatusCode.NotFound),
            Trusting(One));
        RemoteRepository repository = fixture.Repository;
        Assert.False(await repository.ContainsAsync(RegistryFixture.Blob, Cancellation));
        await repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), Cancellation);
        await repository.WriteAsync(RegistryFixture.Manifest, new MemoryStream(RegistryFixture.ManifestBytes), Cancellation);
        Assert.True(await repository.DeleteAsync(RegistryFixture.Manifest, Cancellation));
        Assert.True(await repository.DeleteTagAsync("old", Cancellation));
        Assert.Equal(["a"], await repository.ListTagsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await repository.ListReferrersAsync(RegistryFixture.Manifest.Digest, cancellationToken: Cancellation).ToListAsync(Cancellation));
        Assert.All(fixture.Requests, request => Assert.Equal(RegistryFixture.Host, request.Address.Host));
        Assert.All(fixture.Requests, request => Assert.DoesNotContain("ns=", request.Address.Query, StringComparison.Ordinal));
    }

    [Theory] // Each takes longer to fail than the other is left alone.
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenReadAsync_MirrorsThatFailSlowly_AreAskedOnceEach(bool isLarge)
    {
        Descriptor blob = isLarge ? LargeBlob : RegistryFixture.Blob;
        byte[] bytes = isLarge ? Large : RegistryFixture.BlobBytes;
        RegistryFixture fixture = null!;
        int asked = 0;
        using (fixture = new(
            request => request.Address.Host == RegistryFixture.Host ? Ranged(request, bytes)
                : ++asked > 10 ? ScriptedHandler.Answer(HttpStatusCode.NotFound)
                : new(HttpStatusCode.OK) { Content = new StreamContent(new SlowFailure(fixture.Clock, isLarge)) },
            With(One, Two)))
        {
            Assert.Equal(bytes, await ReadAsync(fixture, blob));
            Assert.Equal([One, Two, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
        }
    }

    [Fact]
    public async Task ResolveAsync_MirrorsWithAWrongManifestThatComesSlowly_AreAskedOnceEach()
    {
        RegistryFixture fixture = null!;
        int asked = 0;
        using (fixture = new(
            request => request.Address.Host == RegistryFixture.Host ? RegistryFixture.Found()
                : ++asked > 10 ? ScriptedHandler.Answer(HttpStatusCode.NotFound)
                : new(HttpStatusCode.OK) { Content = new StreamContent(new SlowFailure(fixture.Clock, breaks: false)) },
            With(One, Two)))
        {
            Assert.Equal(RegistryFixture.Manifest.Digest, (await fixture.Repository.ResolveAsync(RegistryFixture.Manifest.Digest.ToString(), Cancellation))?.Digest);
            Assert.Equal([One, Two, RegistryFixture.Host], fixture.Requests.Select(request => request.Address.Host));
        }
    }

    private static Func<RegistryClientOptions, RegistryClientOptions> With(params string[] mirrors) => With(RegistryFixture.Host, mirrors, MirrorTrust.Digests);

    private static Func<RegistryClientOptions, RegistryClientOptions> Trusting(params string[] mirrors) => With(RegistryFixture.Host, mirrors, MirrorTrust.Tags);

    private static Func<RegistryClientOptions, RegistryClientOptions> With(string registry, string[] mirrors, MirrorTrust trust) => options => options with
    {
        Registries = ImmutableDictionary<RegistryAddress, RegistryConnectionOptions>.Empty.Add(
            RegistryAddress.Parse(registry), new() { Mirrors = [.. mirrors.Select(mirror => new PullMirror(RegistryAddress.Parse(mirror)) { Trust = trust })] }),
    };

    private static HttpResponseMessage Blob() => new(HttpStatusCode.OK) { Content = new ByteArrayContent(RegistryFixture.BlobBytes) };

    private static HttpResponseMessage Ranged(SentRequest request, byte[] bytes)
    {
        if (request.Message.Headers.Range?.Ranges.Single() is not { From: { } from } range)
        {
            return new(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) };
        }

        long to = Math.Min(range.To ?? bytes.Length - 1, bytes.Length - 1);
        HttpResponseMessage answer = new(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(bytes[(int)from..((int)to + 1)]) };
        answer.Content.Headers.ContentRange = new(from, to, bytes.Length);
        return answer;
    }

    private static async Task<byte[]> ReadAsync(RegistryFixture fixture, Descriptor descriptor)
    {
        await using Stream content = await fixture.Repository.OpenReadAsync(descriptor, Cancellation);
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    /// <summary>A body that is wrong or breaks off, after more time than a mirror rests.</summary>
    private sealed class SlowFailure(VirtualTimeProvider clock, bool breaks) : MemoryStream("a bloc"u8.ToArray())
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == 0)
            {
                clock.Advance(PullMirrors.Rest + TimeSpan.FromSeconds(1));
            }

            return breaks ? throw new IOException("reset") : base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>A body whose length nobody knows.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
