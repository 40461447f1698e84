using System.Net;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Hostile;

/// <summary>Ten thousand connections that send nothing, or next to nothing: most are closed, the rest in time, and whoever was there before is served all the while.</summary>
/// <remarks>No other test runs beside it, since what the process holds is counted.</remarks>
[CollectionDefinition(nameof(ManySlowConnectionsTests), DisableParallelization = true)]
[Collection(nameof(ManySlowConnectionsTests))]
public sealed class ManySlowConnectionsTests
{
    private const int Asked = 10_000;
    private const int Allowed = 1000;
    private const long MaxGrowthBytes = 100L << 20;

    private static readonly string[] Beginnings =
    [
        "GET /v2/ HTTP/1.1\r\nX-Slow: ",
        "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /v2/a/blobs/uploads/?digest=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{",
        "",
    ];

    [Fact]
    public async Task TenThousandConnections_AreBoundedAndOthersAreServed()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with
        {
            MaxConnections = Allowed,
            RequestHeadersTimeout = TimeSpan.FromSeconds(2),
            KeepAliveTimeout = TimeSpan.FromSeconds(2),
            MinimumBytesPerSecond = 1 << 20,
            SlowClientGrace = TimeSpan.FromSeconds(1.5),
        });
        Digest digest = await server.PushBlobAsync("b", "content");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<RawConnection> slow = new(Asked);
        try
        {
            for (int i = 0; i < Asked; i++)
            {
                slow.Add(await RawConnection.OpenAsync(server));
                await slow[i].TrySendAsync(Encoding.ASCII.GetBytes(Beginnings[i % Beginnings.Length]));
                if (i % 500 == 0)
                {
                    // It has a connection since before; where the registry closed it meanwhile, it gets another when a slow one had to go.
                    Assert.Equal("content"u8.ToArray(), await GetAsync(server, $"/v2/b/blobs/{digest}", cancellation));
                }
            }

            // Both ends of every connection are in this process.
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MaxGrowthBytes);

            // Every one of them ends by the server's hand.
            await Task.WhenAll(slow.Select(connection => connection.ReadToEndAsync()));
        }
        finally
        {
            slow.ForEach(connection => connection.Dispose());
        }

        Assert.Equal("content"u8.ToArray(), await GetAsync(server, $"/v2/b/blobs/{digest}", cancellation));
        Assert.Equal(HttpStatusCode.NotFound, await server.StatusAsync(HttpMethod.Head, "/v2/a/blobs/sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    }

    private static async Task<byte[]> GetAsync(ServerFixture server, string path, CancellationToken cancellationToken)
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                return await server.GetBytesAsync(path);
            }
            catch (HttpRequestException)
            {
                await pause.WaitForNextTickAsync(cancellationToken);
            }
        }
    }
}
