using System.Globalization;
using System.Net;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Hostile;

/// <summary>Whatever length a client promises, and however long it goes on, the registry keeps what it said that it takes and no more.</summary>
public sealed class EndlessBodyTests : ServerTest
{
    private const int MaxSentBytes = 64 << 20;
    private const string Promised = "4611686018427387904"; // 2^62

    private static readonly Digest Digest = Digest.Compute("{}"u8);

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Content-Length: " + Promised)]
    public async Task Manifest_WithoutEnd_IsRefusedAtItsLimitAndTheConnectionCloses(string length)
    {
        using RawConnection connection = await RawConnection.OpenAsync(Server);
        await SendAsync(connection, $"PUT /v2/a/manifests/latest HTTP/1.1\r\nHost: x\r\nContent-Type: {MediaTypes.ImageManifest}\r\n{length}\r\n\r\n");
        long sent = await FloodAsync(connection, length.StartsWith("Transfer", StringComparison.Ordinal));
        Assert.InRange(sent, OciDocument.MaxLengthBytes, MaxSentBytes - 1);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, "/v2/a/manifests/latest"));
    }

    [Fact]
    public async Task Manifest_JustTooLong_Is413()
    {
        using HttpResponseMessage response = await Server.SendAsync(HttpMethod.Put, "/v2/a/manifests/latest", new ByteArrayContent(new byte[OciDocument.MaxLengthBytes + 1]) { Headers = { ContentType = new(MediaTypes.ImageManifest) } });
        await ServerFixture.AssertErrorAsync(response, HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
    }

    [Theory]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nX: ", "HTTP/1.1 431")]
    [InlineData("GET /v2/", "HTTP/1.1 414")]
    public async Task Headers_WithoutEnd_AreRefused(string beginning, string answer)
    {
        using RawConnection connection = await RawConnection.OpenAsync(Server);
        await SendAsync(connection, beginning + new string('x', 100_000));
        string came = await connection.ReadToEndAsync();
        Assert.True(came.Length == 0 || came.StartsWith(answer, StringComparison.Ordinal), came);
    }

    [Theory]
    [InlineData("POST", "Transfer-Encoding: chunked")]
    [InlineData("POST", "Content-Length: " + Promised)]
    [InlineData("PUT", "Transfer-Encoding: chunked")]
    [InlineData("PUT", "Content-Length: " + Promised)]
    public async Task Blob_OfAKnownDigestAndGiantSize_BrokenOff_IsNotThereAndTakesNoSpace(string method, string length)
    {
        string target = (method == "POST" ? "/v2/a/blobs/uploads/" : await Server.OpenUploadAsync("a")) + $"?digest={Digest}";
        using (RawConnection connection = await RawConnection.OpenAsync(Server))
        {
            await SendAsync(connection, $"{method} {target} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n");
            byte[] piece = length.StartsWith("Transfer", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes("2\r\n{}\r\n") : "{}"u8.ToArray();
            await connection.TrySendAsync(piece);
        }

        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{Digest}"));
        await Server.RestartAsync();
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{Digest}"));
        Assert.Empty(await StoreAudit.CheckAsync(Server.DataPath, Cancellation));

        // What came stays for whoever goes on with the upload; an upload of one request has nobody who could.
        string[] left = [.. Directory.EnumerateFiles(Path.Combine(Server.DataPath, "uploads"), "data", SearchOption.AllDirectories)];
        Assert.Equal(method == "POST" ? 0 : 1, left.Length);
        Assert.All(left, file => Assert.InRange(new FileInfo(file).Length, 0, 2));
    }

    private static async Task SendAsync(RawConnection connection, string text) => await connection.TrySendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<long> FloodAsync(RawConnection connection, bool isChunked)
    {
        byte[] noise = new byte[1 << 16];
        byte[] piece = isChunked ? [.. Encoding.ASCII.GetBytes(noise.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. noise, .. "\r\n"u8] : noise;
        long sent = 0;
        while (sent < MaxSentBytes && await connection.TrySendAsync(piece))
        {
            sent += noise.Length;
        }

        return sent;
    }
}
