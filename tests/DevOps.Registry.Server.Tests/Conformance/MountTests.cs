using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Conformance;

/// <remarks>Expected values: the distribution-spec's conformance suite, and OCI distribution-spec 1.1, "Mounting a blob from another repository".</remarks>
public sealed class MountTests : ServerTest
{
    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Mount_FromARepositoryThatHoldsIt_IsCreated(DigestAlgorithm algorithm)
    {
        Digest digest = await PushAsync(Server, "team/from", algorithm);
        using HttpResponseMessage mounted = await MountAsync(Server, $"mount={digest}&from=team%2Ffrom");
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal("shared"u8.ToArray(), await Server.GetBytesAsync(ServerFixture.Header(mounted, "Location")));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, "team/other")]
    [InlineData(DigestAlgorithm.Sha512, "team/other")]
    [InlineData(DigestAlgorithm.Sha256, "unknown")]
    [InlineData(DigestAlgorithm.Sha256, "..%2F..%2Fx")]
    [InlineData(DigestAlgorithm.Sha256, "")]
    public async Task Mount_FromElsewhere_OpensAnUploadThatGoesOn(DigestAlgorithm algorithm, string from)
    {
        Digest digest = await PushAsync(Server, "team/from", algorithm);
        await Server.PushBlobAsync("team/other", "other");
        using HttpResponseMessage answer = await MountAsync(Server, $"mount={digest}&from={from}");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        string upload = ServerFixture.Header(answer, "Location");
        Assert.Matches("^/v2/to/blobs/uploads/[0-9a-f]{32}$", upload);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/to/blobs/{digest}"));
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body("shared"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(digest.ToString(), ServerFixture.Header(put, "Docker-Content-Digest"));
        Assert.Equal("shared"u8.ToArray(), await Server.GetBytesAsync(ServerFixture.Header(put, "Location")));
        Assert.Equal(HttpStatusCode.Accepted, await Server.StatusAsync(HttpMethod.Delete, $"/v2/to/blobs/{digest}"));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/to/blobs/{digest}"));
    }

    [Theory]
    [InlineData(AnonymousMount.Upload, HttpStatusCode.Accepted)]
    [InlineData(AnonymousMount.Search, HttpStatusCode.Created)]
    public async Task Mount_WithoutASource_FollowsThePolicy(AnonymousMount policy, HttpStatusCode expected)
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Registry = options.Registry with { WhenMountHasNoSource = policy } });
        foreach (DigestAlgorithm algorithm in (DigestAlgorithm[])[DigestAlgorithm.Sha256, DigestAlgorithm.Sha512])
        {
            Digest digest = await PushAsync(server, "team/from", algorithm);
            using HttpResponseMessage answer = await MountAsync(server, $"mount={digest}");
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Mount_WithoutASource_SearchesOnlyWhereTheCallerMayRead()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with
        {
            Registry = new() { WhenMountHasNoSource = AnonymousMount.Search, AllowsMountFrom = (_, from) => ValueTask.FromResult(from.Value.StartsWith("open/", StringComparison.Ordinal)) },
        });
        Digest digest = await PushAsync(server, "secret/a", DigestAlgorithm.Sha256);
        using HttpResponseMessage refused = await MountAsync(server, $"mount={digest}");
        Assert.Equal(HttpStatusCode.Accepted, refused.StatusCode);

        await PushAsync(server, "open/a", DigestAlgorithm.Sha256);
        using HttpResponseMessage mounted = await MountAsync(server, $"mount={digest}");
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
    }

    [Fact]
    public async Task Mount_OfAMissingBlob_OpensAnUpload()
    {
        await Server.PushBlobAsync("team/from", "other");
        using HttpResponseMessage answer = await MountAsync(Server, $"mount={Digest.Compute("missing"u8)}&from=team/from");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> MountAsync(ServerFixture server, string query) => server.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?{query}", ServerFixture.Body(""));

    private static async Task<Digest> PushAsync(ServerFixture server, string repository, DigestAlgorithm algorithm)
    {
        Digest digest = Digest.Compute("shared"u8, algorithm);
        using HttpResponseMessage pushed = await server.SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/?digest={digest}", ServerFixture.Body("shared"));
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        return digest;
    }
}
