using System.Net;
using System.Net.Sockets;
using System.Text;
using DevOps.Oci;
using DevOps.Registry.Server.Tests.Authorization;

namespace DevOps.Registry.Server.Tests.Faults;

/// <summary>Each fault over a real socket, as a client meets it.</summary>
public sealed class FaultTests : ServerTest
{
    private const string Content = "0123456789";

    private static readonly string Blob = $"/v2/a/blobs/{Digest.Compute(Encoding.UTF8.GetBytes(Content))}";

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE")]
    public async Task Answer_Seconds_ThenTheBlob(HttpStatusCode status, string code)
    {
        await Server.PushBlobAsync("a", Content);
        InjectedFault fault = Server.Faults.Add(Fault.Answer(status, TimeSpan.FromSeconds(7)).On(RegistryRequestKind.Blob).Times(2));
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage refused = await Server.GetAsync(Blob);
            await ServerFixture.AssertErrorAsync(refused, status, code);
            Assert.Equal("7", ServerFixture.Header(refused, "Retry-After"));
        }

        Assert.Equal(Content, Encoding.UTF8.GetString(await Server.GetBytesAsync(Blob)));
        Assert.True(fault.IsSpent);
        Assert.Equal(2, fault.HitCount);
    }

    [Fact] // expected form: RFC 9110, section 5.6.7
    public async Task Answer_Date_IsAnHttpDate()
    {
        Server.Faults.Add(Fault.Answer(HttpStatusCode.TooManyRequests, new DateTimeOffset(1994, 11, 6, 10, 49, 37, TimeSpan.FromHours(2))));
        using HttpResponseMessage refused = await Server.GetAsync("/v2/");
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", ServerFixture.Header(refused, "Retry-After"));
    }

    [Fact]
    public async Task Drop_AfterBytes_SendsExactlyThose()
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.Drop(afterBytes: 4).On(RegistryRequestKind.Blob).Once());
        string answer = await RawAsync($"GET {Blob} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Contains("Content-Length: 10\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n0123", answer, StringComparison.Ordinal);
        Assert.Equal(Content, Encoding.UTF8.GetString(await Server.GetBytesAsync(Blob)));
    }

    [Fact]
    public async Task Drop_InTheMiddleOfALargeBlob_SendsExactlyThose()
    {
        string large = new('x', 3 << 20);
        Digest digest = await Server.PushBlobAsync("a", large);
        Server.Faults.Add(Fault.Drop(afterBytes: 2_000_001).Once());
        string answer = await RawAsync($"GET /v2/a/blobs/{digest} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(2_000_001, answer.Length - answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4);
    }

    [Fact]
    public async Task Drop_AtNothing_SendsNoAnswer()
    {
        Server.Faults.Add(Fault.Drop(afterBytes: 0).Once());
        await Assert.ThrowsAsync<HttpRequestException>(() => Server.GetAsync("/v2/"));
        Assert.Equal(HttpStatusCode.OK, await Server.StatusAsync(HttpMethod.Get, "/v2/"));
    }

    [Fact]
    public async Task Drop_BodyThatIsShorter_ComesWhole()
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.Drop(afterBytes: 10));
        Assert.Equal(Content, Encoding.UTF8.GetString(await Server.GetBytesAsync(Blob)));
    }

    [Fact]
    public async Task DropRequest_AfterBytes_KeepsExactlyThose()
    {
        string upload = await Server.OpenUploadAsync("a");
        Server.Faults.Add(Fault.DropRequest(afterBytes: 4).On(HttpMethod.Patch).Once());
        await Assert.ThrowsAsync<HttpRequestException>(() => Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(Content)));
        using HttpResponseMessage status = await Server.GetAsync(upload);
        Assert.Equal("0-3", ServerFixture.Header(status, "Range"));
    }

    [Fact]
    public async Task DropRequest_BodyThatIsShorter_IsTaken()
    {
        string upload = await Server.OpenUploadAsync("a");
        Server.Faults.Add(Fault.DropRequest(afterBytes: 10));
        using HttpResponseMessage patched = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(Content));
        Assert.Equal((HttpStatusCode.Accepted, "0-9"), (patched.StatusCode, ServerFixture.Header(patched, "Range")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(9)]
    public async Task Corrupt_OneByte_IsWrong(int offset)
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.Corrupt(offset));
        byte[] bytes = await Server.GetBytesAsync(Blob);
        byte[] expected = Encoding.UTF8.GetBytes(Content);
        expected[offset] = (byte)~expected[offset];
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public async Task ShortBody_Length_AgreesWithIt()
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.ShortBody(3));
        using HttpResponseMessage response = await Server.GetAsync(Blob);
        Assert.Equal(3, response.Content.Headers.ContentLength);
        Assert.Equal("012", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task ShiftRange_Download_LiesOverThePart()
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.ShiftRange(1));
        using HttpResponseMessage response = await Server.GetAsync(Blob, ("Range", "bytes=2-4"));
        Assert.Equal((HttpStatusCode.PartialContent, "bytes 3-5/10"), (response.StatusCode, ServerFixture.Header(response, "Content-Range")));
        Assert.Equal("234", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task ShiftRange_Upload_LiesOverWhatCame()
    {
        string upload = await Server.OpenUploadAsync("a");
        Server.Faults.Add(Fault.ShiftRange(-5).Once());
        using HttpResponseMessage patched = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body(Content));
        Assert.Equal("0-4", ServerFixture.Header(patched, "Range"));
        using HttpResponseMessage status = await Server.GetAsync(upload);
        Assert.Equal("0-9", ServerFixture.Header(status, "Range"));
    }

    [Fact]
    public async Task IgnoreRange_Part_IsTheWhole()
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.IgnoreRange());
        using HttpResponseMessage response = await Server.GetAsync(Blob, ("Range", "bytes=2-4"));
        Assert.Equal((HttpStatusCode.OK, Content), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Redirect_SameHost_LeadsToTheBlob()
    {
        await Server.PushBlobAsync("a", Content);
        InjectedFault fault = Server.Faults.Add(Fault.Redirect().On(RegistryRequestKind.Blob));
        using HttpResponseMessage response = await Server.GetAsync(Blob);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        string location = ServerFixture.Header(response, "Location");
        Assert.Equal($"{Blob}?redirected=1", location);
        Assert.Equal(Content, Encoding.UTF8.GetString(await Server.GetBytesAsync(location)));
        Assert.Equal(1, fault.HitCount);
    }

    [Fact]
    public async Task Redirect_OtherHost_KeepsPathAndQuery()
    {
        Server.Faults.Add(Fault.Redirect(new Uri("http://127.0.0.2:1234/ignored")));
        using HttpResponseMessage response = await Server.GetAsync("/v2/a/tags/list?n=3&last=x%2By");
        Assert.Equal("http://127.0.0.2:1234/v2/a/tags/list?n=3&last=x%2By", ServerFixture.Header(response, "Location"));
    }

    [Fact]
    public async Task Drop_OfAWholeAnswer_LeavesWhatWasAskedDone()
    {
        await Server.PushBlobAsync("a", "{}");
        ImageManifest manifest = ServerFixture.Artifact("one");
        string upload = await Server.OpenUploadAsync("a");
        Digest digest = Digest.Compute("more"u8);
        Server.Faults.Add(Fault.Drop(0).On(HttpMethod.Put));
        await Assert.ThrowsAsync<HttpRequestException>(() => Server.PutManifestAsync("a", "latest", manifest));
        await Assert.ThrowsAsync<HttpRequestException>(() => Server.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", ServerFixture.Body("more")));
        Assert.Equal(manifest.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/a/manifests/latest"));
        Assert.Equal("more"u8.ToArray(), await Server.GetBytesAsync($"/v2/a/blobs/{digest}"));
    }

    [Fact]
    public async Task ExpiredToken_NobodyIsAskedForCredentials_IsRefused()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Server.Faults.Add(Fault.ExpiredToken().Once()));
        Assert.Contains(nameof(BearerAuthorizer), error.Message, StringComparison.Ordinal);
        await using ServerFixture open = await ServerFixture.StartAsync(options => options with { Authorizer = new AnonymousAuthorizer() });
        Assert.Throws<InvalidOperationException>(() => open.Faults.Add(Fault.ExpiredToken()));
    }

    [Fact]
    public async Task ExpiredToken_Passwords_AreAskedForAgain()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Authorizer = new BasicAuthorizer(new AnyPassword()) });
        InjectedFault fault = server.Faults.Add(Fault.ExpiredToken().Once());
        (string, string) credentials = TestUsers.Basic("alice", "any");
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(HttpMethod.Get, "/v2/"));
        Assert.Equal(0, fault.HitCount);
        using (HttpResponseMessage expired = await server.GetAsync("/v2/", credentials))
        {
            await ServerFixture.AssertErrorAsync(expired, HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.StartsWith("Basic ", ServerFixture.Header(expired, "WWW-Authenticate"), StringComparison.Ordinal);
        }

        using HttpResponseMessage again = await server.GetAsync("/v2/", credentials);
        Assert.Equal((HttpStatusCode.OK, 1), (again.StatusCode, fault.HitCount));
    }

    [Fact]
    public async Task ContentDigest_Manifest_Lies()
    {
        await Server.PushArtifactAsync("a", "latest", "one");
        Digest other = Digest.Compute("other"u8);
        Server.Faults.Add(Fault.ContentDigest(other).On(RegistryRequestKind.Manifest));
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Head, "/v2/a/manifests/latest");
        Assert.Equal(other.ToString(), ServerFixture.Header(response, "Docker-Content-Digest"));
    }

    [Fact]
    public async Task WithoutHeaders_AreNotThere()
    {
        await Server.PushBlobAsync("a", Content);
        Server.Faults.Add(Fault.WithoutHeaders("Docker-Content-Digest", "Content-Length").Once());
        using HttpResponseMessage response = await Server.GetAsync(Blob);
        Assert.Equal("none", ServerFixture.Header(response, "Docker-Content-Digest"));
        Assert.Equal("chunked", ServerFixture.Header(response, "Transfer-Encoding"));
        Assert.Equal(Content, await response.Content.ReadAsStringAsync(Cancellation));

        Server.Faults.Add(Fault.WithoutHeaders("Location").On(RegistryRequestKind.Upload));
        using HttpResponseMessage opened = await Server.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", ServerFixture.Body(""));
        Assert.Equal((HttpStatusCode.Accepted, "none"), (opened.StatusCode, ServerFixture.Header(opened, "Location")));
    }

    [Fact]
    public async Task Header_IsAnother()
    {
        Server.Faults.Add(Fault.Header("Docker-Distribution-API-Version", "registry/1.0"));
        using HttpResponseMessage response = await Server.GetAsync("/v2/");
        Assert.Equal("registry/1.0", ServerFixture.Header(response, "Docker-Distribution-API-Version"));
    }

    // The end of the connection is the end of the text, so that what comes can be told from what was promised.
    private async Task<string> RawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Server.Address.Port!.Value, Cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private sealed class AnyPassword : IPasswordVerifier
    {
        public ValueTask<PasswordVerdict> VerifyAsync(string userName, string password, CancellationToken cancellationToken = default) => ValueTask.FromResult(PasswordVerdict.Accepted);
    }
}
