using System.Diagnostics;
using System.Net;
using DevOps.Content;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Registry.Tests.Mirroring;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Diagnostics;

/// <summary>Spans and metrics. Names: OpenTelemetry's semantic conventions where they have some.</summary>
public sealed class RegistryDiagnosticsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAsync_Image_IsASpanAboveThoseOfItsContent()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        ImageManifest image = await fixture.AddAsync("1", Cancellation);
        using Watched watched = new();
        await fixture.Client.CopyAsync(
            ImageReference.Parse($"{fixture.Source.Registry}/{fixture.Source.Name}:1"), ImageReference.Parse($"{fixture.Target.Registry}/{fixture.Target.Name}:1"), cancellationToken: Cancellation);
        Assert.Same(watched.Root, Activity.Current);
        Activity copy = Assert.Single(watched.Spans, span => span.OperationName == "copy");
        Assert.Equal((image.Digest.ToString(), ActivityKind.Internal, ActivityStatusCode.Unset), (copy.GetTagItem("oci.manifest.digest"), copy.Kind, copy.Status));
        Assert.Equal(
            ["copy", "pull blob", "pull blob", "pull manifest", "push blob", "push blob", "push manifest", "resolve"],
            watched.Spans.Select(span => span.OperationName).Order(StringComparer.Ordinal));
        Assert.All(watched.Spans.Where(span => span.OperationName is not ("copy" or "resolve")), span =>
        {
            Assert.Equal((copy.SpanId, ActivityKind.Client), (Above(watched, span, copy), span.Kind));
            bool isPush = span.OperationName.StartsWith("push", StringComparison.Ordinal);
            RemoteRepository repository = isPush ? fixture.Target : fixture.Source;
            Assert.Equal((repository.Registry.Host, repository.Registry.Port, repository.Name.Value), (span.GetTagItem("server.address"), span.GetTagItem("server.port"), span.GetTagItem("devops.registry.repository")));
            Assert.True((long)span.GetTagItem("devops.registry.content.size")! > 0);
        });

        long bytes = image.Config.SizeBytes + image.Layers[0].SizeBytes;
        Assert.Equal([$"operation=push, content=blob: {bytes}", $"operation=push, content=manifest: {image.RawBytes.Length}"], watched.Sums("devops.registry.client.io", fixture.Target.Registry.Host, fixture.Target.Registry.Port));
        Assert.Equal([$"operation=pull, content=blob: {bytes}", $"operation=pull, content=manifest: {image.RawBytes.Length}"], watched.Sums("devops.registry.client.io", fixture.Source.Registry.Host, fixture.Source.Registry.Port));
        Assert.Equal(
            ["http.request.method=HEAD, http.response.status_code=404, error.type=404: 3", "http.request.method=POST, http.response.status_code=201: 2", "http.request.method=PUT, http.response.status_code=201: 1"],
            watched.Sums("devops.registry.client.requests", fixture.Target.Registry.Host, fixture.Target.Registry.Port));
        Assert.Empty(watched.Sums("devops.registry.client.retries", fixture.Target.Registry.Host, fixture.Target.Registry.Port));
    }

    [Fact]
    public async Task RunAsync_Mirror_IsASpanAboveOneOfEachTag()
    {
        await using MirrorFixture fixture = await MirrorFixture.StartAsync(Cancellation);
        await fixture.AddAsync("1", Cancellation);
        await fixture.AddAsync("2", Cancellation);
        fixture.SourceHost.Faults.Add(Fault.Answer(HttpStatusCode.Forbidden).On(RegistryRequestKind.Manifest).On(HttpMethod.Get).Once());
        using Watched watched = new();
        MirrorResult result = await fixture.RunAsync(fixture.Rule, Cancellation);
        Assert.Equal((1, 1), (result.Count(MirrorOutcome.Copied), result.Count(MirrorOutcome.Failed)));
        Activity mirror = Assert.Single(watched.Spans, span => span.OperationName == "mirror");
        Activity[] tags = [.. watched.Spans.Where(span => span.OperationName == "mirror tag")];
        Assert.All(tags, tag => Assert.Equal(mirror.SpanId, tag.ParentSpanId));
        Assert.Equal([null, "403"], tags.Select(tag => tag.GetTagItem("error.type")).OrderBy(type => type as string, StringComparer.Ordinal));
        Assert.Equal(
            [$"{fixture.Target.Registry}/{fixture.Target.Name}:1", $"{fixture.Target.Registry}/{fixture.Target.Name}:2"],
            tags.Select(tag => tag.GetTagItem("devops.registry.target")).Cast<string>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OpenReadAsync_ContentThatIsLeftOrBreaks_EndsItsSpanOnce()
    {
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new StreamContent(DevOps.Testing.Streams.FaultyStream.ThrowingAt(RegistryFixture.BlobBytes, 3, new IOException("reset"))) }, registry: "spans.example");
        using Watched watched = new();
        Stream left = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation);
        Assert.Empty(watched.Spans);
        await left.DisposeAsync();
        left.Dispose();
        Assert.Equal((ActivityStatusCode.Unset, null), (Assert.Single(watched.Spans).Status, watched.Spans[0].GetTagItem("error.type")));

        await using Stream broken = await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, Cancellation);
        await Assert.ThrowsAsync<RegistryException>(() => broken.CopyToAsync(Stream.Null, Cancellation));
        Assert.Equal(2, watched.Spans.Count);
        Assert.Equal((ActivityStatusCode.Error, typeof(RegistryException).FullName), (watched.Spans[1].Status, watched.Spans[1].GetTagItem("error.type")));
        Assert.Equal("pull blob", watched.Spans[1].OperationName);
        Assert.Same(watched.Root, Activity.Current);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_IsNoError()
    {
        using CancellationTokenSource stop = new();
        using RegistryFixture fixture = new(
            _ =>
            {
                stop.Cancel();
                return ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]);
            },
            registry: "cancelled.example");
        using Watched watched = new();
        byte[] bytes = new byte[BlobUploads.MaxSmallBytes + 1];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Repository.WriteAsync(Sample.Blob(bytes), new MemoryStream(bytes), stop.Token));
        Assert.Equal(("push blob", ActivityStatusCode.Unset), (Assert.Single(watched.Spans).OperationName, watched.Spans[0].Status));
    }

    [Fact]
    public async Task SendAsync_TokensRetriesAndFailures_AreCountedWithoutSecrets()
    {
        int asked = 0;
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}""")
                : request.Address.Host == "cdn.example" ? new(HttpStatusCode.OK) { Content = new ByteArrayContent(RegistryFixture.BlobBytes) }
                : request.Authorization is null ? RegistryFixture.Challenge("""Bearer realm="https://auth.example/token?x=secret-token" """)
                : asked++ switch
                {
                    0 => ScriptedHandler.Answer(HttpStatusCode.ServiceUnavailable),
                    1 => throw new HttpRequestException(HttpRequestError.ConnectionError),
                    _ => ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://cdn.example/blob?sig=secret-token")]),
                },
            options => RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password), "counted.example")(options) with { MaxRetries = 3 },
            "counted.example");
        using Watched watched = new();
        Task<ReadOnlyMemory<byte>> read = fixture.Repository.ReadAllBytesAsync(RegistryFixture.Blob, cancellationToken: Cancellation);
        while (!read.IsCompleted)
        {
            Task<TimeSpan> wait = fixture.Clock.WaitForTimerAsync(length => length < TimeSpan.FromSeconds(60), Cancellation);
            if (await Task.WhenAny(read, wait) == wait)
            {
                fixture.Clock.Advance(await wait);
            }
        }

        await read;
        Assert.Equal([": 1"], watched.Sums("devops.registry.client.tokens", "counted.example", null));
        Assert.Equal(["kind=request: 2"], watched.Sums("devops.registry.client.retries", "counted.example", null));
        Assert.Equal(
            ["http.request.method=GET, error.type=ConnectionError: 1", "http.request.method=GET, http.response.status_code=200: 1", "http.request.method=GET, http.response.status_code=307: 1", "http.request.method=GET, http.response.status_code=401, error.type=401: 1", "http.request.method=GET, http.response.status_code=503, error.type=503: 1"],
            watched.Sums("devops.registry.client.requests", "counted.example", null));
        Assert.Equal([$"operation=pull, content=blob: {RegistryFixture.BlobBytes.Length}"], watched.Sums("devops.registry.client.io", "counted.example", null));
        foreach (string secret in (string[])["secret", RegistryFixture.Password, "cdn.example"])
        {
            Assert.DoesNotContain(secret, watched.All(), StringComparison.Ordinal);
        }
    }

    private static ActivitySpanId Above(Watched watched, Activity span, Activity copy)
    {
        for (Activity? at = span; at is not null; at = watched.Spans.FirstOrDefault(parent => parent.SpanId == at.ParentSpanId))
        {
            if (at.ParentSpanId == copy.SpanId)
            {
                return copy.SpanId;
            }
        }

        return default;
    }
}
