using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>A registry that can fail, a client with a journal, and a blob of many chunks.</summary>
internal sealed class UploadFixture : IAsyncDisposable
{
    internal const int ChunkBytes = 1 << 16;
    internal const int BlobBytes = (10 * ChunkBytes) + 1234;

    private readonly TemporaryDirectory _directory;

    private UploadFixture(TemporaryDirectory directory, RegistryHost host)
    {
        (_directory, Host) = (directory, host);
        Bytes = new byte[BlobBytes];
        new Random(1).NextBytes(Bytes);
        Blob = Descriptor.ForContent(MediaTypes.LayerGzip, Bytes);
        Journal = new(directory.PathOf("journal"));
        Hits = Host.Faults.Add(Fault.Watch().On(RegistryRequestKind.Upload));
    }

    internal RegistryHost Host { get; }

    internal byte[] Bytes { get; }

    internal Descriptor Blob { get; }

    internal UploadJournal Journal { get; }

    internal InjectedFault Hits { get; }

    internal RecordingLogger Log { get; } = new();

    internal List<long> Opened { get; } = [];

    internal string[] Notes => Directory.Exists(Journal.Path) ? Directory.GetFiles(Journal.Path, "*.json") : [];

    internal string LayoutPath => _directory.PathOf("layout");

    /// <summary>Gets the requests of uploads as a text each: method, and range of a chunk.</summary>
    internal string[] Requests => [.. Host.Faults.Hits.Where(hit => hit.Fault == Hits).Select(hit => hit.Range is null ? hit.Method : $"{hit.Method} {hit.Range}")];

    internal static async Task<UploadFixture> StartAsync(IRegistryAuthorizer? authorizer = null)
    {
        TemporaryDirectory directory = TemporaryDirectory.Create();
        return new(directory, await RegistryHost.StartAsync(new() { Directory = directory.PathOf("registry"), Authorizer = authorizer }, cancellationToken: TestContext.Current.CancellationToken));
    }

    internal RegistryClient NewClient(Func<RegistryClientOptions, RegistryClientOptions>? configure = null)
    {
        RegistryClientOptions options = new() { UploadJournal = Journal, UploadChunkBytes = ChunkBytes, MaxRetries = 3, MaxRetryDelay = TimeSpan.FromMilliseconds(1), Logger = Log };
        return new(configure?.Invoke(options) ?? options);
    }

    /// <summary>Returns a client without a journal, of a registry that takes streams or wants lengths.</summary>
    internal async Task<RegistryClient> NewStreamingClientAsync(bool inChunks, Func<RegistryClientOptions, RegistryClientOptions>? configure = null)
    {
        RegistryClient client = NewClient(options => (configure?.Invoke(options) ?? options) with { UploadJournal = null });
        if (inChunks)
        {
            Host.Faults.Add(Fault.Answer(HttpStatusCode.LengthRequired).On(HttpMethod.Patch).Once());
            await client.GetRepository($"{Host.Address}/team/first").ReceiveAsync(MediaTypes.LayerGzip, (stream, token) => WriteAsync([1, 2, 3], stream, token), TestContext.Current.CancellationToken);
        }

        return client;
    }

    /// <summary>Writes bytes in pieces that fit no chunk.</summary>
    internal static async Task WriteAsync(byte[] bytes, Stream stream, CancellationToken cancellationToken)
    {
        foreach (byte[] piece in bytes.Chunk(10_007))
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    internal RemoteRepository Repository(RegistryClient client) => client.GetRepository($"{Host.Address}/team/api");

    internal Task<Stream> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        Opened.Add(offset);
        return Task.FromResult<Stream>(new MemoryStream(Bytes, (int)offset, (int)(BlobBytes - offset)));
    }

    internal async Task AssertHeldAsync(RemoteRepository repository)
    {
        ReadOnlyMemory<byte> read = await repository.ReadAllBytesAsync(Blob, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(read.Span.SequenceEqual(Bytes));
        Assert.Empty(Notes);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Dispose();
    }
}
