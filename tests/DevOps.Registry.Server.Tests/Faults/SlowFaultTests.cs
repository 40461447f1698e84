using System.Text;
using DevOps.Oci;
using DevOps.Testing.Time;

namespace DevOps.Registry.Server.Tests.Faults;

public sealed class SlowFaultTests
{
    [Fact]
    public async Task Slow_Body_ComesAsTheClockGoes()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { TimeProvider = clock });
        Digest digest = await server.PushBlobAsync("a", "0123456789");
        server.Faults.Add(Fault.Slow(bytesPerStep: 4, TimeSpan.FromMinutes(9)).On(RegistryRequestKind.Blob));

        using HttpResponseMessage response = await server.Http.GetAsync(new Uri($"http://{server.Address}/v2/a/blobs/{digest}"), HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        byte[] bytes = new byte[10];
        foreach ((int start, int length) in ((int, int)[])[(0, 4), (4, 4), (8, 2)])
        {
            await clock.WaitForTimerAsync(time => time == TimeSpan.FromMinutes(9), cancellation);
            clock.Advance(TimeSpan.FromMinutes(9));
            await body.ReadExactlyAsync(bytes.AsMemory(start, length), cancellation);
            Assert.Equal("0123456789"[start..(start + length)], Encoding.UTF8.GetString(bytes, start, length));
        }

        Assert.Equal(0, await body.ReadAsync(bytes, cancellation));
    }
}
