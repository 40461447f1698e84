using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <summary>An upload is in the hands of one request at a time.</summary>
public sealed class SharedUploadTests : ServerTest
{
    [Fact]
    public async Task Put_WhileAPatchIsGoingOn_IsRefusedAndNoBlobChanges()
    {
        Digest digest = Digest.Compute("good layer bytes"u8);
        using (HttpResponseMessage victim = await Server.SendAsync(HttpMethod.Post, $"/v2/victim/blobs/uploads/?digest={digest}", ServerFixture.Body("good layer bytes")))
        {
            Assert.Equal(HttpStatusCode.Created, victim.StatusCode);
        }

        string upload = await Server.OpenUploadAsync("attacker");
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<HttpResponseMessage> patch = Server.SendAsync(HttpMethod.Patch, upload, new PausingContent("good layer bytes"u8.ToArray(), goOn.Task, "EVIL"u8.ToArray()));

        // The first request has the upload once its bytes are on disk; until then the other may come first and is refused for its digest.
        string data = Directory.EnumerateFiles(Server.DataPath, "data", SearchOption.AllDirectories).Single();
        await WaitForAsync(() => new FileInfo(data).Length == 16);
        HttpStatusCode put = await Server.StatusAsync(HttpMethod.Put, $"{upload}?digest={digest}");
        HttpStatusCode second = await Server.StatusAsync(HttpMethod.Patch, upload);
        using HttpResponseMessage status = await Server.GetAsync(upload);
        goOn.SetResult();
        using HttpResponseMessage first = await patch;

        Assert.Equal(HttpStatusCode.Conflict, put);
        Assert.Equal(HttpStatusCode.Conflict, second);
        Assert.Equal((HttpStatusCode.NoContent, "0-15"), (status.StatusCode, ServerFixture.Header(status, "Range")));
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("good layer bytes"u8.ToArray(), await Server.GetBytesAsync($"/v2/victim/blobs/{digest}"));
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        for (int tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1000, "What was waited for did not happen.");
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private sealed class PausingContent(byte[] first, Task goOn, byte[] then) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(first, Cancellation);
            await stream.FlushAsync(Cancellation);
            await goOn;
            await stream.WriteAsync(then, Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
