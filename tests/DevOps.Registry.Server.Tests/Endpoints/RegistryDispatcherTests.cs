using System.Net;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Endpoints;

public sealed class RegistryDispatcherTests : ServerTest
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Ping_Answers(string method)
    {
        using HttpResponseMessage response = await Server.SendAsync(new(method), "/v2/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("registry/2.0", ServerFixture.Header(response, "Docker-Distribution-API-Version"));
        Assert.Equal("application/json", ServerFixture.Header(response, "Content-Type"));
        Assert.Equal("none", ServerFixture.Header(response, "Server"));
    }

    [Theory]
    [InlineData("POST", "/v2/", "GET, HEAD")]
    [InlineData("DELETE", "/v2/_catalog", "GET, HEAD")]
    [InlineData("POST", "/v2/a/tags/list", "GET, HEAD")]
    [InlineData("DELETE", "/v2/a/referrers/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "GET, HEAD")]
    [InlineData("POST", "/v2/a/manifests/latest", "GET, HEAD, PUT, DELETE")]
    [InlineData("OPTIONS", "/v2/a/manifests/latest", "GET, HEAD, PUT, DELETE")]
    [InlineData("GET", "/v2/a/blobs/uploads/", "POST")]
    [InlineData("POST", "UPLOAD", "GET, PATCH, PUT, DELETE")]
    [InlineData("PATCH", "/v2/a/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "GET, HEAD, DELETE")]
    public async Task OtherMethod_HasNoMeaning(string method, string path, string allowed)
    {
        using HttpResponseMessage response = await Server.SendAsync(new(method), path == "UPLOAD" ? await Server.OpenUploadAsync("a") : path);
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        Assert.Equal(allowed, ServerFixture.Header(response, "Allow").Replace(" | ", ", ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v2/a/tags/list")]
    [InlineData("/v2/a/referrers/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("/v2/_catalog")]
    [InlineData("/v2/a/manifests/latest")]
    public async Task Head_HasTheHeadersOfGet(string path)
    {
        await Server.PushArtifactAsync("a", "latest", "one");
        using HttpResponseMessage get = await Server.GetAsync(path);
        using HttpResponseMessage head = await Server.SendAsync(HttpMethod.Head, path);
        Assert.Equal(Headers(get), Headers(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));

        static string Headers(HttpResponseMessage response) => response.StatusCode + string.Join('\n', response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Failure_HasNoHeadersOfContent()
    {
        Digest digest = await Server.PushBlobAsync("a", "content");
        using FileStream held = new(Server.Storage.Blobs.PathOf(digest), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using HttpResponseMessage response = await Server.GetAsync($"/v2/a/blobs/{digest}", ("Range", "bytes=1-2"));
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.InternalServerError, "UNKNOWN");
        Assert.Equal(("none", "none", "none"), (ServerFixture.Header(response, "Content-Range"), ServerFixture.Header(response, "Docker-Content-Digest"), ServerFixture.Header(response, "Accept-Ranges")));
    }

    [Theory]
    [InlineData("/v2/a")]
    [InlineData("/v2/a/b/c")]
    [InlineData("/v2/a/tags")]
    [InlineData("/v2/_catalog/x")]
    [InlineData("/v1/")]
    [InlineData("/")]
    public async Task UnknownPath_IsNotFound(string path) => Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, path));

    [Theory]
    [InlineData("UPPER")]
    [InlineData("a__-b")]
    [InlineData("-a")]
    [InlineData("a%2F..%2Fb")]
    [InlineData("a//b")]
    [InlineData("a%00b")]
    [InlineData("_uploads")]
    [InlineData("a/_manifests")]
    [InlineData("a%5C..%5Cb")]
    public async Task MalformedName_IsRefused(string name)
    {
        using HttpResponseMessage response = await Server.GetAsync($"/v2/{name}/tags/list");
        Assert.True(response.StatusCode is HttpStatusCode.BadRequest, $"{(int)response.StatusCode}");
    }

    [Theory]
    [InlineData("/v2/../secret/manifests/latest")]
    [InlineData("/v2/a/../../../secret/manifests/latest")]
    [InlineData("/v2/%2e%2e/%2e%2e/secret/manifests/latest")]
    [InlineData("/v2/a/manifests/..%2F..%2Fsecret")]
    [InlineData("/v2/a/manifests/../../../../secret")]
    [InlineData("/v2/a/blobs/sha256:..%2F..%2Fsecret")]
    [InlineData("/v2/a/blobs/uploads/..%2F..%2Fsecret")]
    [InlineData("/v2/a/blobs/uploads/..")]
    [InlineData("/v2/a/referrers/..%2F..%2Fsecret")]
    public async Task PathTraversal_ReachesNothing(string path)
    {
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(Server.DataPath)!, "secret"), "secret", Cancellation);
        await Server.PushArtifactAsync("a", "latest", "one");
        string[] before = [.. Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Server.DataPath)!)];
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            using HttpResponseMessage response = await Server.SendAsync(method, path, method == HttpMethod.Put || method == HttpMethod.Patch ? ServerFixture.Body("x") : null);
            Assert.True((int)response.StatusCode is >= 400 and < 500, $"{method} {path}: {(int)response.StatusCode}");
            Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal(before, Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Server.DataPath)!));
    }

    [Theory]
    [InlineData("blobs")]
    [InlineData("manifests")]
    [InlineData("a/blobs/uploads")]
    [InlineData("blobs/uploads/x")]
    [InlineData("manifests/blobs")]
    [InlineData("tags/list")]
    [InlineData("referrers/uploads/tags")]
    public async Task NameOfTheApisWords_IsARepositoryLikeAnyOther(string repository)
    {
        string upload = await Server.OpenUploadAsync(repository);
        Digest digest = Digest.Compute("{}"u8);
        using (HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body("{}")))
        {
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        Assert.Equal("{}", Encoding.UTF8.GetString(await Server.GetBytesAsync($"/v2/{repository}/blobs/{digest}")));
        ImageManifest manifest = ServerFixture.Artifact("one");
        foreach (string tag in (string[])["list", "uploads", "blobs"])
        {
            await Server.PushManifestAsync(repository, tag, manifest);
            Assert.Equal(manifest.RawBytes.ToArray(), await Server.GetBytesAsync($"/v2/{repository}/manifests/{tag}"));
        }

        Assert.Equal(repository, (string?)(await Server.GetJsonAsync($"/v2/{repository}/tags/list"))["name"]);
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, $"/v2/{repository}/referrers/{digest}"));
    }

    [Fact] // Expected: no fault of the server; the distribution project's registry redirects to '/v2/'.
    public async Task PingWithoutTheSlash_IsNoFault()
    {
        HttpStatusCode status = await Server.StatusAsync(HttpMethod.Get, "/v2");
        Assert.True((int)status < 500, $"{(int)status}");
    }
}
