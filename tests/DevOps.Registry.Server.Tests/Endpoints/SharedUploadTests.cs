using System.Net;
using System.Text;
using DevOps.Oci;
using DevOps.Registry.Server.Tests.Hostile;

namespace DevOps.Registry.Server.Tests.Endpoints;

/// <summary>An upload is in the hands of one request at a time.</summary>
public sealed class SharedUploadTests : ServerTest
{
    private const string Text = "0123456789";
    private const int Half = 5;

    private static readonly Digest TextDigest = Digest.Compute("0123456789"u8);

    private string UploadsPath => Path.Combine(Server.DataPath, "uploads");

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

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Delete_WhileAnotherRequestWrites_EndsBoth(string method)
    {
        string upload = await Server.OpenUploadAsync("a");
        using RawConnection writer = await BeginAsync(Server, method, upload);

        Assert.Equal(HttpStatusCode.NoContent, await Server.StatusAsync(HttpMethod.Delete, upload));

        Assert.Empty(Directory.EnumerateFileSystemEntries(UploadsPath));
        Assert.StartsWith("HTTP/1.1 404", await writer.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, upload));
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{TextDigest}"));
    }

    // A push that is given up: its connection ends, and the same moment another one asks to delete.
    [Fact]
    public async Task Delete_RightAfterTheConnectionOfTheWriterBroke_EndsTheUpload()
    {
        for (int round = 0; round < 20; round++)
        {
            string upload = await Server.OpenUploadAsync("a");
            (await BeginAsync(Server, "PUT", upload)).Dispose();
            Assert.Equal(HttpStatusCode.NoContent, await Server.StatusAsync(HttpMethod.Delete, upload));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(UploadsPath));
    }

    [Fact]
    public async Task Delete_WhileABlobIsMadeOfTheUpload_ComesTooLate()
    {
        SteppingClock clock = new();
        await using ServerFixture server = await ServerFixture.StartAsync(options => options with { Storage = new() { TimeProvider = clock } });
        string upload = await server.OpenUploadAsync("a");
        string folder = Directory.CreateDirectory(Path.Combine(server.DataPath, "blobs", "sha256", TextDigest.Hex[..2])).FullName;
        string data = DataFile(server);
        Task<HttpStatusCode> put;
        Task<HttpStatusCode> delete;
        using (FolderLock.Enter(Path.Combine(folder, ".lock")))
        {
            put = StatusAsync(server, HttpMethod.Put, $"{upload}?digest={TextDigest}", Text);

            // The clock is asked when the upload opens, when its last byte is written, and before it takes its name: then it waits for the lock.
            await WaitForAsync(() => File.GetLastWriteTimeUtc(data) == SteppingClock.TimeOf(3));
            delete = StatusAsync(server, HttpMethod.Delete, upload, null);
            Assert.Equal(HttpStatusCode.NoContent, await server.StatusAsync(HttpMethod.Get, upload));
        }

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.NotFound), (await put, await delete));
        Assert.Equal(Text, Encoding.UTF8.GetString(await server.GetBytesAsync($"/v2/a/blobs/{TextDigest}")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.DataPath, "uploads")));
    }

    [Fact]
    public async Task Delete_RacesWithPut_OneOfThemWins()
    {
        for (int round = 0; round < 50; round++)
        {
            string content = $"content {round}";
            Digest digest = Digest.Compute(Encoding.UTF8.GetBytes(content));
            string upload = await Server.OpenUploadAsync("a");
            Task<HttpStatusCode> put = StatusAsync(Server, HttpMethod.Put, $"{upload}?digest={digest}", content);
            Task<HttpStatusCode> delete = StatusAsync(Server, HttpMethod.Delete, upload, null);

            bool isPut = await put == HttpStatusCode.Created;
            Assert.Equal(isPut ? HttpStatusCode.NotFound : HttpStatusCode.NoContent, await delete);

            // One that comes while the upload is being removed is told that another request has it.
            Assert.True(isPut || await put is HttpStatusCode.NotFound or HttpStatusCode.Conflict, $"{await put}");
            Assert.Equal(isPut ? HttpStatusCode.OK : HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{digest}"));
            Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Get, upload));
        }

        Assert.Empty(await StoreAudit.CheckAsync(Server.DataPath, Cancellation));
        Assert.Empty(Directory.EnumerateFileSystemEntries(UploadsPath));
    }

    // A storage of its own over the same folder is what another process has.
    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Delete_WhileAnotherProcessWrites_EndsTheUploadThereToo(string method)
    {
        await using ServerFixture other = await ServerFixture.StartAsync(options => options with { Directory = Server.DataPath });
        string upload = await Server.OpenUploadAsync("a");
        using RawConnection writer = await BeginAsync(Server, method, upload);

        Assert.Equal(HttpStatusCode.NoContent, await other.StatusAsync(HttpMethod.Delete, upload));
        Assert.Empty(Directory.EnumerateFileSystemEntries(UploadsPath));
        await writer.TrySendAsync(Encoding.ASCII.GetBytes(Text[Half..]));

        Assert.StartsWith("HTTP/1.1 404", await writer.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await Server.StatusAsync(HttpMethod.Head, $"/v2/a/blobs/{TextDigest}"));
        Assert.Empty(await StoreAudit.CheckAsync(Server.DataPath, Cancellation));
    }

    private static string DataFile(ServerFixture server) => Directory.EnumerateFiles(Path.Combine(server.DataPath, "uploads"), "data", SearchOption.AllDirectories).Single();

    private static async Task<HttpStatusCode> StatusAsync(ServerFixture server, HttpMethod method, string path, string? content)
    {
        using HttpResponseMessage response = await server.SendAsync(method, path, content is null ? null : ServerFixture.Body(content));
        return response.StatusCode;
    }

    /// <summary>Sends the first half of a body, and returns when it is on the disk.</summary>
    private static async Task<RawConnection> BeginAsync(ServerFixture server, string method, string upload)
    {
        RawConnection connection = await RawConnection.OpenAsync(server);
        string query = method == "PUT" ? $"?digest={TextDigest}" : "";
        await connection.TrySendAsync(Encoding.ASCII.GetBytes($"{method} {upload}{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {Text.Length}\r\n\r\n{Text[..Half]}"));
        string data = DataFile(server);
        await WaitForAsync(() => new FileInfo(data).Length == Half);
        return connection;
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

    /// <summary>A clock that goes on by a minute whenever it is asked.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private int _asked;

        internal static DateTime TimeOf(int asked) => new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc).AddMinutes(asked);

        public override DateTimeOffset GetUtcNow() => TimeOf(Interlocked.Increment(ref _asked));
    }
}
