using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Hostile;

/// <summary>What no honest client sends: it is refused, and nothing of it is found on the disk, inside the registry's folder or outside.</summary>
public sealed class RawRequestTests : ServerTest
{
    private const string Hex = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    private static readonly string LongName = new('a', 300);
    private static readonly string LongTag = new('t', 129);

    public static TheoryData<string> Targets { get; } =
    [
        "/v2/%2e%2e/%2e%2e/x/{0}", "/v2/a%2f%2e%2e%2f%2e%2e/{0}", "/v2/a/..%2f..%2f..%2fx/{0}", "/v2//a/{0}", "/v2/a//{0}", "/v2/a%00b/{0}", "/v2/a%5c..%5cb/{0}", "/v2/a\\..\\b/{0}",
        "/v2/UPPER/{0}", "/v2/%C3%A4/{0}", "/v2/\u00c3\u00a4/{0}", "/v2/%EF%BC%8E%EF%BC%8E/{0}", "/v2/_catalog/{0}", "/v2/a/_tags/{0}", "/v2/.lock/{0}", "/v2/a./{0}", "/v2/" + LongName + "/{0}", "/v2/%/{0}", "/v2/%zz/{0}",
    ];

    public static TheoryData<string> References { get; } =
    [
        "sha256:../../x", "sha256:..%2f..%2fx", "sha256:" + Hex.ToUpperInvariant(), "sha256:" + Hex[1..], "sha256:" + Hex + "0", "md5:" + Hex[..32], "sha512:" + Hex, "sha256:", ":", "sha256:" + Hex + "%00", "sha256%2F" + Hex,
        LongTag, "-tag", ".tag", "t%00", "t%2f..%2fx", "%E2%80%AE",
    ];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Name_ThatIsNone_IsRefusedAndLeavesNothing(string target)
    {
        foreach (string rest in (string[])["tags/list", "manifests/latest", $"blobs/sha256:{Hex}", "blobs/uploads/", $"blobs/uploads/?digest=sha256:{Hex}"])
        {
            await AssertRefusedAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, target, rest));
        }
    }

    [Theory]
    [MemberData(nameof(References))]
    public async Task Reference_ThatIsNone_IsRefusedAndLeavesNothing(string reference)
    {
        foreach (string kind in (string[])["manifests", "blobs", "referrers", "blobs/uploads"])
        {
            await AssertRefusedAsync($"/v2/a/{kind}/{reference}");
        }

        if (reference.Contains(':', StringComparison.Ordinal))
        {
            await AssertRefusedAsync($"/v2/a/blobs/uploads/?digest={reference}", "POST");
        }
    }

    [Theory]
    [InlineData("/v2/a/tags/list?n=-1")]
    [InlineData("/v2/a/tags/list?n=1e9")]
    [InlineData("/v2/a/tags/list?n=99999999999999999999")]
    [InlineData("/v2/a/tags/list?n=0")]
    [InlineData("/v2/a/tags/list?n=2147483647&n=1")]
    [InlineData("/v2/a/tags/list?last=%00%ff..%2f..%2fx")]
    [InlineData("/v2/a/tags/list?last=&last=x&n=")]
    [InlineData("/v2/_catalog?n=-1&last=%2f..")]
    [InlineData("/v2/a/referrers/sha256:" + Hex + "?artifactType=%0d%0aX:y&last=%00")]
    public async Task Query_ThatIsJunk_IsAnsweredOrRefused(string target)
    {
        await Server.PushArtifactAsync("a", "latest", "one");
        string answer = await RawConnection.AskAsync(Server, $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (200|400) ", answer);
        Assert.DoesNotContain("\r\nX:y", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ").Skip(1));
    }

    [Theory]
    [InlineData("bytes=abc", 200)]
    [InlineData("bytes=-", 200)]
    [InlineData("bytes=", 200)]
    [InlineData("chars=0-1", 200)]
    [InlineData("bytes=0-0,1-1", 200)]
    [InlineData("bytes=-1-1", 200)]
    [InlineData("bytes=99999999999999999999-", 200)]
    [InlineData("bytes=0-99999999999999999999", 200)]
    [InlineData("bytes=9223372036854775807-9223372036854775807", 416)]
    [InlineData("bytes=0-9223372036854775807", 206)]
    [InlineData("bytes=-9223372036854775807", 206)]
    [InlineData("bytes=-0", 416)]
    [InlineData("bytes=2-", 416)]
    public async Task Range_ThatIsJunk_GivesTheWholeOrAPartOrNothing(string range, int status)
    {
        await Server.PushBlobAsync("a", "{}");
        string answer = await RawConnection.AskAsync(Server, $"GET /v2/a/blobs/sha256:{Hex} HTTP/1.1\r\nHost: x\r\nRange: {range}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith(status == 416 ? "\r\n\r\n" : "\r\n\r\n{}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nX: a\r\n b: c\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("GET  /v2/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v2/\0 HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Request_ThatIsMalformed_IsRefusedAndTheConnectionCloses(string request)
    {
        string answer = await RawConnection.AskAsync(Server, request);
        Assert.Matches("^(HTTP/1.1 [45]|$)", answer);
        Assert.InRange(answer.Split("HTTP/1.1 ").Length - 1, 0, 1);
        AssertNothingIsKept();
    }

    [Fact]
    public async Task TwoLengths_TheHiddenRequestIsNeverAnswered()
    {
        string hidden = "0\r\n\r\nGET /v2/_catalog HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        string answer = await RawConnection.AskAsync(Server, $"POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: {hidden.Length}\r\nTransfer-Encoding: chunked\r\n\r\n{hidden}");
        Assert.DoesNotContain("repositories", answer, StringComparison.Ordinal);
        Assert.InRange(answer.Split("HTTP/1.1 ").Length - 1, 0, 1);
    }

    [Theory]
    [InlineData("GET /v2/ HTTP/1.0\r\n\r\n")]
    [InlineData("GET http://x/v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task OlderForms_AreUnderstood(string request) => Assert.StartsWith("HTTP/1.1 200 ", await RawConnection.AskAsync(Server, request), StringComparison.Ordinal);

    private async Task AssertRefusedAsync(string target, params string[] methods)
    {
        foreach (string method in methods is [] ? ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"] : methods)
        {
            string answer = await RawConnection.AskAsync(Server, $"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {MediaTypes.EmptyJson}\r\nContent-Length: 2\r\n\r\n{{}}");
            bool isEmptyList = method is "GET" && answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) && target.Contains("/referrers/", StringComparison.Ordinal);
            Assert.True(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) && !isEmptyList, $"{method} {target}: {answer.Split('\r')[0]}");
        }

        AssertNothingIsKept();
    }

    private void AssertNothingIsKept()
    {
        Assert.Empty(Directory.Exists(Server.DataPath) ? Directory.EnumerateFiles(Server.DataPath, "*", SearchOption.AllDirectories) : []);
        Assert.Equal([Server.DataPath], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Server.DataPath)!));
    }
}
