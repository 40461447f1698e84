using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DevOps.Registry.Server.Tests.Hosting;

/// <summary>Clients that send slowly, or nothing, cost no more than what was agreed.</summary>
public sealed class RegistryHostLimitsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowConnections_MoreThanAllowed_AreClosedAndTheOthersTimeOut()
    {
        // All are open long before the first has had its time, on a busy machine too: whose time is over makes room for another.
        const int Asked = 100;
        const int Allowed = 20;
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { MaxConnections = Allowed, RequestHeadersTimeout = TimeSpan.FromSeconds(8) });
        Socket[] slow = new Socket[Asked];
        try
        {
            for (int i = 0; i < Asked; i++)
            {
                slow[i] = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await slow[i].ConnectAsync(IPAddress.Loopback, server.Address.Port!.Value, Cancellation);
                await TrySendAsync(slow[i]);
            }

            // Each ends by the server's hand: most without a word because there are too many, the allowed ones with 408 when their time is over.
            string[] answers = await Task.WhenAll(slow.Select(ReadToEndAsync));
            Assert.InRange(answers.Count(answer => answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal)), 1, Allowed);
            Assert.True(answers.Count(answer => answer.Length == 0) >= Asked - Allowed);
        }
        finally
        {
            foreach (Socket? socket in slow)
            {
                socket?.Dispose();
            }
        }

        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync(HttpMethod.Get, "/v2/"));
    }

    [Fact]
    public async Task SlowBody_IsEndedAndNothingBecomesVisible()
    {
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { MinimumBytesPerSecond = 1 << 20, SlowClientGrace = TimeSpan.FromSeconds(1.5) });
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port!.Value, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST /v2/a/blobs/uploads/?digest=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{"), Cancellation);

        Assert.StartsWith("HTTP/1.1 408", await ReadToEndAsync(socket), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await server.StatusAsync(HttpMethod.Head, "/v2/a/blobs/sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    }

    [Fact]
    public void Options_ThatMeanNothing_AreRefused()
    {
        RegistryHostOptions options = new() { Directory = "x" };
        Assert.Throws<ArgumentOutOfRangeException>(() => options with { MaxConnections = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => options with { RequestHeadersTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => options with { KeepAliveTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => options with { MinimumBytesPerSecond = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => options with { SlowClientGrace = TimeSpan.FromSeconds(1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryEndpointOptions { MaxOpenUploads = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryStorageOptions { ManifestCacheBytes = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryGarbageOptions { GraceAge = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegistryGarbageOptions { UploadAge = TimeSpan.FromTicks(-1) });
    }

    private static async Task TrySendAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET /v2/ HTTP/1.1\r\nX-Slow: "u8.ToArray(), Cancellation);
        }
        catch (SocketException)
        {
            // The server closed it already.
        }
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        StringBuilder answer = new();
        byte[] buffer = new byte[1024];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer, Cancellation)) > 0)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return answer.ToString();
    }
}
