using System.Diagnostics.Metrics;
using System.Net;
using DevOps.Oci;
using DevOps.Testing;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server.Tests;

public sealed class RegistryEndpointOptionsTests
{
    private static readonly Digest Empty = Digest.Compute("{}"u8);

    [Theory]
    [InlineData("POST", "/v2/a/blobs/uploads/")]
    [InlineData("POST", "/v2/a/blobs/uploads/?mount=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a&from=a")]
    [InlineData("PATCH", "/v2/a/blobs/uploads/0123456789abcdef0123456789abcdef")]
    [InlineData("PUT", "/v2/a/blobs/uploads/0123456789abcdef0123456789abcdef?digest=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")]
    [InlineData("DELETE", "/v2/a/blobs/uploads/0123456789abcdef0123456789abcdef")]
    [InlineData("DELETE", "/v2/a/blobs/sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")]
    [InlineData("PUT", "/v2/a/manifests/latest")]
    [InlineData("DELETE", "/v2/a/manifests/latest")]
    [InlineData("DELETE", "/v2/a/manifests/{digest}")]
    public async Task ReadOnly_EveryWrite_IsRefused(string method, string path)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using ServerFixture writer = await ServerFixture.StartAsync(options => options with { Directory = directory.Path });
        ImageManifest manifest = await writer.PushArtifactAsync("a", "latest", "one");
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Directory = directory.Path, Registry = options.Registry with { Mode = RegistryMode.ReadOnly } });

        using HttpResponseMessage refused = await server.SendAsync(new(method), path.Replace("{digest}", manifest.Digest.ToString(), StringComparison.Ordinal), method == "DELETE" ? null : ServerFixture.Body("{}"));

        await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        Assert.DoesNotMatch("P|DEL", ServerFixture.Header(refused, "Allow"));
        Assert.Equal(manifest.RawBytes.ToArray(), await server.GetBytesAsync("/v2/a/manifests/latest"));
        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{Empty}"));
    }

    // A switch that holds for digests only is how tags were lost elsewhere: the advisory of CVE-2026-41888.
    [Theory]
    [InlineData(RegistryDeletions.None, "tag", false)]
    [InlineData(RegistryDeletions.None, "tagged", false)]
    [InlineData(RegistryDeletions.None, "untagged", false)]
    [InlineData(RegistryDeletions.None, "blob", false)]
    [InlineData(RegistryDeletions.Tags, "tag", true)]
    [InlineData(RegistryDeletions.Tags, "tagged", false)]
    [InlineData(RegistryDeletions.Manifests, "tag", false)]
    [InlineData(RegistryDeletions.Manifests, "tagged", false)]
    [InlineData(RegistryDeletions.Manifests, "untagged", true)]
    [InlineData(RegistryDeletions.Manifests, "blob", false)]
    [InlineData(RegistryDeletions.Tags | RegistryDeletions.Manifests, "tagged", true)]
    [InlineData(RegistryDeletions.Blobs, "blob", true)]
    [InlineData(RegistryDeletions.All, "tagged", true)]
    public async Task Deletions_OnlyTheAllowedOnes_AreDone(RegistryDeletions allowed, string what, bool isDone)
    {
        await using ServerFixture server = await StartAsync(options => options with { Deletions = allowed });
        ImageManifest tagged = await server.PushArtifactAsync("a", "latest", "one");
        ImageManifest untagged = ServerFixture.Artifact("two");
        await server.PushManifestAsync("a", untagged.Digest.ToString(), untagged);
        string path = what switch
        {
            "tag" => "/v2/a/manifests/latest",
            "tagged" => $"/v2/a/manifests/{tagged.Digest}",
            "untagged" => $"/v2/a/manifests/{untagged.Digest}",
            _ => $"/v2/a/blobs/{Empty}",
        };

        Assert.Equal(isDone ? HttpStatusCode.Accepted : HttpStatusCode.MethodNotAllowed, await server.StatusAsync(HttpMethod.Delete, path));
        Assert.Equal(isDone ? HttpStatusCode.NotFound : HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Head, path));

        // An upload is nobody's content yet: who opened it may close it.
        Assert.Equal(HttpStatusCode.NoContent, await server.StatusAsync(HttpMethod.Delete, await server.OpenUploadAsync("a")));
    }

    // Without an authorizer everybody could; with one, it says who may.
    [Theory]
    [InlineData(null, HttpStatusCode.MethodNotAllowed)]
    [InlineData(RegistryActions.All, HttpStatusCode.Accepted)]
    [InlineData(RegistryActions.Pull | RegistryActions.Push, HttpStatusCode.Forbidden)]
    public async Task Deletions_ByDefault_AreForTheAuthorizerToAllow(RegistryActions? rights, HttpStatusCode expected)
    {
        IRegistryAuthorizer? authorizer = rights is { } actions ? new AnonymousAuthorizer(actions) : null;
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Registry = new() { Authorizer = authorizer } });
        ImageManifest manifest = await server.PushArtifactAsync("a", "latest", "one");
        foreach (string path in (string[])["manifests/latest", $"manifests/{manifest.Digest}", $"blobs/{Empty}"])
        {
            Assert.Equal(expected, await server.StatusAsync(HttpMethod.Delete, $"/v2/a/{path}"));
        }

        Assert.Equal(HttpStatusCode.NoContent, await server.StatusAsync(HttpMethod.Delete, await server.OpenUploadAsync("a")));
    }

    [Fact]
    public async Task MaxOpenUploads_OneMore_IsRefusedUntilOneEnds()
    {
        await using ServerFixture server = await StartAsync(options => options with { MaxOpenUploads = 2 });
        string first = await server.OpenUploadAsync("a");
        await server.OpenUploadAsync("b");
        using (HttpResponseMessage refused = await server.SendAsync(HttpMethod.Post, "/v2/c/blobs/uploads/", ServerFixture.Body("")))
        {
            await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS");
        }

        // One that is whole in one request opens nothing; those of before a restart count.
        await server.PushBlobAsync("c", "{}");
        await server.RestartAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, await server.StatusAsync(HttpMethod.Post, "/v2/c/blobs/uploads/"));
        Assert.Equal(HttpStatusCode.NoContent, await server.StatusAsync(HttpMethod.Delete, first));
        await server.OpenUploadAsync("c");
    }

    [Fact]
    public async Task Events_OfEachKind_SayWhatHappened()
    {
        List<RegistryEvent> events = [];
        await using ServerFixture server = await StartAsync(options => options with { Events = new Listener(events) });
        RepositoryName a = RepositoryName.Parse("a");
        ImageManifest manifest = await server.PushArtifactAsync("a", "latest", "one");
        int length = manifest.RawBytes.Length;
        await server.GetBytesAsync("/v2/a/manifests/latest");
        await server.GetBytesAsync($"/v2/a/blobs/{Empty}");
        await server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{Empty}");
        await server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/missing");
        await server.StatusAsync(HttpMethod.Post, $"/v2/b/blobs/uploads/?mount={Empty}&from=a");
        (await server.PutManifestAsync("a", $"{manifest.Digest}?tag=1&tag=2", manifest)).Dispose();
        await server.StatusAsync(HttpMethod.Delete, "/v2/a/manifests/latest");
        await server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}");
        await server.StatusAsync(HttpMethod.Delete, $"/v2/a/blobs/{Empty}");
        (await server.GetAsync($"/v2/b/blobs/{Empty}", ("Range", "bytes=1-1"))).Dispose();

        // A pull is told of after its last byte, so the client may be ahead of it: once the server has stopped, all are told.
        await server.RestartAsync();
        string[] expected =
        [
            $"BlobPushed a {Empty} [] 2", $"ManifestPushed a {manifest.Digest} [latest] {length}", $"ManifestPulled a {manifest.Digest} [latest] {length}", $"BlobPulled a {Empty} [] 2",
            $"BlobMounted b {Empty} [] 2", $"ManifestPushed a {manifest.Digest} [1,2] {length}", "TagDeleted a  [latest] 0", $"ManifestDeleted a {manifest.Digest} [1,2] 0",
            $"BlobDeleted a {Empty} [] 0", $"BlobPulled b {Empty} [] 1",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), events.Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(a, events[0].Repository);
    }

    [Fact]
    public async Task Events_OfAUser_SayWho()
    {
        List<RegistryEvent> events = [];
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Authorizer = new NamedInQuery(), Registry = options.Registry with { Events = new Listener(events) } });
        (await server.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={Empty}&user=alice", ServerFixture.Body("{}"))).Dispose();
        (await server.SendAsync(HttpMethod.Post, $"/v2/b/blobs/uploads/?mount={Empty}&from=a&user=bob", ServerFixture.Body(""))).Dispose();
        ImageManifest manifest = ServerFixture.Artifact("one");
        (await server.PutManifestAsync("a", "latest?user=alice", manifest)).Dispose();
        (await server.PutManifestAsync("a", "latest?user=bob", ServerFixture.Artifact("two"))).Dispose();
        await server.StatusAsync(HttpMethod.Delete, "/v2/a/manifests/latest");
        Assert.Equal(["BlobPushed alice", "BlobMounted bob", "ManifestPushed alice", "ManifestPushed bob", "TagDeleted "], events.Select(happened => $"{happened.Kind} {happened.UserName}"));
    }

    [Fact]
    public async Task Log_OfEachKind_NamesWhatTheEventHas()
    {
        RecordingLogger log = new();
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddFilter((category, _) => category == RegistryServerDiagnostics.Name).AddProvider(new Provider(log)).SetMinimumLevel(LogLevel.Trace));
        await using ServerFixture server = await ServerFixture.StartAsync(null, loggers);
        ImageManifest manifest = await server.PushArtifactAsync("a", "latest", "one");
        string digest = $"a: {manifest.Digest}";
        int length = manifest.RawBytes.Length;
        (await server.PutManifestAsync("a", $"{manifest.Digest}?tag=1&tag=2", manifest)).Dispose();
        await server.StatusAsync(HttpMethod.Post, $"/v2/b/blobs/uploads/?mount={Empty}&from=a");
        await server.StatusAsync(HttpMethod.Delete, "/v2/a/manifests/latest");
        await server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}");
        await server.PushManifestAsync("a", manifest.Digest.ToString(), manifest);
        await server.StatusAsync(HttpMethod.Delete, $"/v2/a/manifests/{manifest.Digest}");
        await server.StatusAsync(HttpMethod.Delete, $"/v2/a/blobs/{Empty}");

        string[] expected =
        [
            $"Information: BlobPushed in a: {Empty}, 2 bytes", $"Information: ManifestPushed in {digest}, {length} bytes, tags latest", $"Information: ManifestPushed in {digest}, {length} bytes, tags 1, 2",
            $"Information: BlobMounted in b: {Empty}, 2 bytes", "Information: TagDeleted in a: latest", $"Information: ManifestDeleted in {digest}, tags 1, 2",
            $"Information: ManifestPushed in {digest}, {length} bytes", $"Information: ManifestDeleted in {digest}", $"Information: BlobDeleted in a: {Empty}",
        ];
        Assert.Equal(expected, log.Entries.Select(entry => entry.TrimEnd()));
    }

    [Fact]
    public async Task Events_ListenerThrows_IsLoggedAndThePushStands()
    {
        RecordingLogger log = new();
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(new Provider(log)).SetMinimumLevel(LogLevel.Trace));
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Registry = options.Registry with { Events = new Thrower() } }, loggers);
        await server.PushBlobAsync("a", "{}");
        Assert.Contains(log.Entries, entry => entry.StartsWith("Error: The listener for events failed at BlobPushed in a", StringComparison.Ordinal));
        Assert.Contains(log.Entries, entry => entry.StartsWith($"Information: BlobPushed in a: {Empty}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_OfPushesPullsAndErrors_AreCounted()
    {
        Dictionary<string, long> counted = [];
        using MeterListener listener = new();
        await using ServerFixture server = await StartAsync(options => options);
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == RegistryServerDiagnostics.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}".TrimEnd();
            lock (counted)
            {
                counted[key] = counted.GetValueOrDefault(key) + value;
            }
        });
        listener.Start();
        await server.PushArtifactAsync("a", "latest", "one");
        await server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/missing");
        await server.OpenUploadAsync("a");
        listener.RecordObservableInstruments();

        // Other tests run at the same time, and their registries count too.
        lock (counted)
        {
            Assert.True(counted["devops.registry.operations push blob"] >= 1);
            Assert.True(counted["devops.registry.operations push manifest"] >= 1);
            Assert.True(counted["devops.registry.io push blob"] >= 2);
            Assert.True(counted["devops.registry.errors MANIFEST_UNKNOWN"] >= 1);
            Assert.True(counted["devops.registry.uploads.open"] >= 1);
        }
    }

    private static Task<ServerFixture> StartAsync(Func<RegistryEndpointOptions, RegistryEndpointOptions> configure) =>
        ServerFixture.StartAsync(options => options with { Registry = configure(options.Registry) });

    private static string Text(RegistryEvent happened) =>
        $"{happened.Kind} {happened.Repository} {happened.Digest} [{string.Join(',', happened.Tags)}] {happened.LengthBytes}";

    private sealed class Listener(List<RegistryEvent> events) : IProgress<RegistryEvent>
    {
        public void Report(RegistryEvent value)
        {
            lock (events)
            {
                events.Add(value);
            }
        }
    }

    private sealed class NamedInQuery : IRegistryAuthorizer
    {
        public ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(RegistryAccess.AllowedTo((string?)request.HttpContext.Request.Query["user"]));
    }

    private sealed class Thrower : IProgress<RegistryEvent>
    {
        public void Report(RegistryEvent value) => throw new InvalidOperationException("of the listener");
    }

    private sealed class Provider(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
