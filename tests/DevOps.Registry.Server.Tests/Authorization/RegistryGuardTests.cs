using System.Collections.Concurrent;
using System.Net;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Authorization;

/// <summary>Every path asks, and what is refused does not happen.</summary>
public sealed class RegistryGuardTests : IAsyncLifetime
{
    private const string EmptyDigest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"; // of "{}"

    private readonly ScriptedAuthorizer _authorizer = new();
    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, RegistryActions> Requests => new()
    {
        { "GET", "/v2/", RegistryActions.None },
        { "HEAD", "/v2/", RegistryActions.None },
        { "GET", "/v2", RegistryActions.None },
        { "GET", "/v2/_catalog", RegistryActions.Catalog },
        { "HEAD", "/v2/_catalog", RegistryActions.Catalog },
        { "GET", "/v2/a/manifests/latest", RegistryActions.Pull },
        { "HEAD", "/v2/a/manifests/latest", RegistryActions.Pull },
        { "GET", "/v2/a/manifests/DIGEST", RegistryActions.Pull },
        { "HEAD", "/v2/a/manifests/DIGEST", RegistryActions.Pull },
        { "PUT", "/v2/a/manifests/new", RegistryActions.Push },
        { "PUT", "/v2/a/manifests/latest", RegistryActions.Push },
        { "PUT", "/v2/a/manifests/DIGEST?tag=new", RegistryActions.Push },
        { "DELETE", "/v2/a/manifests/latest", RegistryActions.Delete },
        { "DELETE", "/v2/a/manifests/DIGEST", RegistryActions.Delete },
        { "GET", "/v2/a/blobs/" + EmptyDigest, RegistryActions.Pull },
        { "HEAD", "/v2/a/blobs/" + EmptyDigest, RegistryActions.Pull },
        { "DELETE", "/v2/a/blobs/" + EmptyDigest, RegistryActions.Delete },
        { "POST", "/v2/a/blobs/uploads/", RegistryActions.Push },
        { "POST", "/v2/a/blobs/uploads", RegistryActions.Push },
        { "POST", "/v2/a/blobs/uploads/?digest=" + EmptyDigest, RegistryActions.Push },
        { "POST", "/v2/a/blobs/uploads/?mount=" + EmptyDigest + "&from=other", RegistryActions.Push },
        { "GET", "UPLOAD", RegistryActions.Push },
        { "PATCH", "UPLOAD", RegistryActions.Push },
        { "PUT", "UPLOAD?digest=" + EmptyDigest, RegistryActions.Push },
        { "DELETE", "UPLOAD", RegistryActions.Push },
        { "GET", "/v2/a/tags/list", RegistryActions.Pull },
        { "GET", "/v2/a/referrers/DIGEST", RegistryActions.Pull },
        { "POST", "/v2/a/manifests/latest", RegistryActions.Pull },
        { "PUT", "/v2/a/blobs/" + EmptyDigest, RegistryActions.Pull },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_Refused_IsAnsweredSoAndChangesNothing(string method, string path, RegistryActions actions)
    {
        ImageManifest manifest = await _server.PushArtifactAsync("a", "latest", "one");
        string upload = await _server.OpenUploadAsync("a");
        path = path.Replace("DIGEST", manifest.Digest.ToString(), StringComparison.Ordinal).Replace("UPLOAD", upload, StringComparison.Ordinal);
        string[] before = Files();
        foreach ((RegistryAccess answer, HttpStatusCode status, string code) in new[]
        {
            (RegistryAccess.Challenge("Basic realm=\"x\"", "Bearer realm=\"y\""), HttpStatusCode.Unauthorized, "UNAUTHORIZED"),
            (RegistryAccess.Denied, HttpStatusCode.Forbidden, "DENIED"),
            (RegistryAccess.Busy(TimeSpan.FromSeconds(1.5)), HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS"),
        })
        {
            _authorizer.Questions.Clear();
            _authorizer.Answer = _ => answer;
            using HttpResponseMessage response = await _server.SendAsync(new(method), path, method is "PUT" or "PATCH" or "POST" ? ServerFixture.Body("{}") : null);
            if (method == "HEAD")
            {
                Assert.Equal(status, response.StatusCode);
            }
            else
            {
                await ServerFixture.AssertErrorAsync(response, status, code);
            }

            Assert.Equal(status is HttpStatusCode.Unauthorized ? "Basic realm=\"x\" | Bearer realm=\"y\"" : "none", ServerFixture.Header(response, "WWW-Authenticate"));
            Assert.Equal(status is HttpStatusCode.TooManyRequests ? "2" : "none", ServerFixture.Header(response, "Retry-After"));
            Assert.Equal("none", ServerFixture.Header(response, "Docker-Content-Digest"));
            RepositoryName? repository = path.StartsWith("/v2/a/", StringComparison.Ordinal) ? RepositoryName.Parse("a") : null;
            Assert.Equal((repository, actions), Assert.Single(_authorizer.Questions));
            Assert.Equal(before, Files());
        }
    }

    [Fact]
    public async Task Request_Refused_DoesNotTellWhatIsThere()
    {
        await _server.PushArtifactAsync("a", "latest", "one");
        _authorizer.Answer = _ => RegistryAccess.Denied;
        foreach (string path in (string[])["manifests/latest", "blobs/" + EmptyDigest, "tags/list"])
        {
            using HttpResponseMessage there = await _server.GetAsync($"/v2/a/{path}");
            using HttpResponseMessage nowhere = await _server.GetAsync($"/v2/b/{path}");
            Assert.Equal(await TextAsync(there), await TextAsync(nowhere));
        }
    }

    [Fact]
    public async Task Mount_FromWhereOneMayNotRead_LooksAsUnknown()
    {
        Digest secret = await _server.PushBlobAsync("secret", "top secret");
        RepositoryName hidden = RepositoryName.Parse("secret");
        foreach (RegistryAccess refusal in (RegistryAccess[])[RegistryAccess.Denied, RegistryAccess.Challenge("Basic realm=\"x\""), RegistryAccess.Busy(TimeSpan.FromSeconds(1))])
        {
            _authorizer.Answer = request => request.Repository == hidden ? refusal : RegistryAccess.Allowed;
            using HttpResponseMessage unreadable = await _server.SendAsync(HttpMethod.Post, $"/v2/mine/blobs/uploads/?mount={secret}&from=secret", ServerFixture.Body(""));
            using HttpResponseMessage unknown = await _server.SendAsync(HttpMethod.Post, $"/v2/mine/blobs/uploads/?mount={secret}&from=nothing", ServerFixture.Body(""));
            Assert.Equal(HttpStatusCode.Accepted, unreadable.StatusCode);
            Assert.Equal(await TextAsync(unknown), await TextAsync(unreadable));
            Assert.Equal(HttpStatusCode.NotFound, await _server.StatusAsync(HttpMethod.Head, $"/v2/mine/blobs/{secret}"));
        }

        _authorizer.Answer = _ => RegistryAccess.Allowed;
        using HttpResponseMessage mounted = await _server.SendAsync(HttpMethod.Post, $"/v2/mine/blobs/uploads/?mount={secret}&from=secret", ServerFixture.Body(""));
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Contains((hidden, RegistryActions.Pull), _authorizer.Questions);
    }

    [Fact]
    public async Task Catalog_NamesOneMayNotSee_AreLeftOutOfEveryPage()
    {
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            await _server.PushArtifactAsync(name, "latest", "one");
        }

        _authorizer.Answer = request => request.Repository?.Value is "a" or "d" ? RegistryAccess.Denied : RegistryAccess.Allowed;
        Assert.Equal("""{"repositories":["b","c","e"]}""", Encoding.UTF8.GetString(await _server.GetBytesAsync("/v2/_catalog")));
        using HttpResponseMessage page = await _server.GetAsync("/v2/_catalog?n=2");
        Assert.Equal("""{"repositories":["b","c"]}""", await page.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("</v2/_catalog?n=2&last=c>; rel=\"next\"", ServerFixture.Header(page, "Link"));
        Assert.Equal("""{"repositories":["e"]}""", Encoding.UTF8.GetString(await _server.GetBytesAsync("/v2/_catalog?n=2&last=c")));

        // No more is asked than the page takes: the registry, a name that is hidden, one that is not, and one that tells of another page.
        _authorizer.Questions.Clear();
        Assert.Equal("""{"repositories":["b"]}""", Encoding.UTF8.GetString(await _server.GetBytesAsync("/v2/_catalog?n=1")));
        Assert.Equal([null, "a", "b", "c"], _authorizer.Questions.Select(question => question.Repository?.Value));
    }

    [Fact]
    public async Task TagOverwrite_WithoutTheRight_KeepsTheTag()
    {
        ImageManifest first = await _server.PushArtifactAsync("a", "latest", "one");
        _authorizer.Answer = request => request.Actions.HasFlag(RegistryActions.Overwrite) ? RegistryAccess.Denied : RegistryAccess.Allowed;
        ImageManifest second = ServerFixture.Artifact("two");
        foreach (string reference in (string[])["latest", $"{second.Digest}?tag=latest", $"{second.Digest}?tag=free&tag=latest", "other?tag=latest"])
        {
            using HttpResponseMessage refused = await _server.PutManifestAsync("a", reference, second);
            await ServerFixture.AssertErrorAsync(refused, HttpStatusCode.Forbidden, "DENIED");
        }

        Assert.Equal(first.RawBytes.ToArray(), await _server.GetBytesAsync("/v2/a/manifests/latest"));
        Assert.Equal(["latest"], (await _server.GetJsonAsync("/v2/a/tags/list"))["tags"]!.AsArray().Select(tag => (string?)tag));

        // The same content again is no change, and a tag that is free may be made.
        await _server.PushManifestAsync("a", "latest", first);
        await _server.PushManifestAsync("a", "new", second);
    }

    [Fact] // What a tag gives out is the media type too.
    public async Task ManifestOfAnotherType_WithoutTheRightToOverwrite_StaysAsItIs()
    {
        await _server.PushBlobAsync("a", "{}");
        byte[] bytes = ServerFixture.Artifact("one").Edit(tree => tree.Remove("mediaType")).RawBytes.ToArray();
        Digest digest = Digest.Compute(bytes);
        Assert.Equal(HttpStatusCode.Created, await PutAsync("latest", MediaTypes.ImageManifest));
        _authorizer.Answer = request => request.Actions.HasFlag(RegistryActions.Overwrite) ? RegistryAccess.Denied : RegistryAccess.Allowed;
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(digest.ToString(), MediaTypes.DockerManifest));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync("other", MediaTypes.DockerManifest));
        using (HttpResponseMessage held = await _server.GetAsync("/v2/a/manifests/latest"))
        {
            Assert.Equal(MediaTypes.ImageManifest, ServerFixture.Header(held, "Content-Type"));
        }

        Assert.Equal(HttpStatusCode.Created, await PutAsync(digest.ToString(), MediaTypes.ImageManifest));
        _authorizer.Answer = _ => RegistryAccess.Allowed;
        Assert.Equal(HttpStatusCode.Created, await PutAsync(digest.ToString(), MediaTypes.DockerManifest));

        async Task<HttpStatusCode> PutAsync(string reference, string mediaType)
        {
            using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Put, $"/v2/a/manifests/{reference}", new ByteArrayContent(bytes) { Headers = { ContentType = new(mediaType) } });
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task TagOverwrite_ManyAtOnce_OneMakesTheTag()
    {
        await _server.PushBlobAsync("a", "{}");
        _authorizer.Answer = request => request.Actions.HasFlag(RegistryActions.Overwrite) ? RegistryAccess.Denied : RegistryAccess.Allowed;
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using HttpResponseMessage response = await _server.PutManifestAsync("a", "release", ServerFixture.Artifact($"number {i}"));
            return response.StatusCode;
        }));
        Assert.Single(statuses, HttpStatusCode.Created);
        Assert.Equal(15, statuses.Count(status => status == HttpStatusCode.Forbidden));
    }

    public async ValueTask InitializeAsync() => _server = await ServerFixture.StartAsync(options => options with { Authorizer = _authorizer });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_server.DataPath, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {new FileInfo(path).Length}")];

    /// <summary>Returns all of an answer, but for what is new in each upload.</summary>
    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        string id = response.Headers.TryGetValues("Docker-Upload-UUID", out IEnumerable<string>? values) ? values.Single() : "-";
        string headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
        return $"{response.StatusCode}\n{headers}\n{await response.Content.ReadAsStringAsync(Cancellation)}".Replace(id, "ID", StringComparison.Ordinal);
    }

    private sealed class ScriptedAuthorizer : IRegistryAuthorizer
    {
        internal ConcurrentQueue<(RepositoryName? Repository, RegistryActions Actions)> Questions { get; } = new();

        internal Func<RegistryAccessRequest, RegistryAccess> Answer { get; set; } = _ => RegistryAccess.Allowed;

        public ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default)
        {
            Questions.Enqueue((request.Repository, request.Actions));
            return ValueTask.FromResult(Answer(request));
        }
    }
}
