using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Contract;

/// <summary>An empty store of one kind, and what it takes to run it.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private const string RegistryVariable = "DEVOPS_TEST_REGISTRY";

    private readonly TemporaryDirectory? _directory;
    private readonly RegistryHost? _host;
    private readonly RegistryClient? _client;

    private OpenStore(IContentStore store, TemporaryDirectory? directory = null, RegistryHost? host = null, RegistryClient? client = null) =>
        (Store, _directory, _host, _client) = (store, directory, host, client);

    internal IContentStore Store { get; }

    /// <summary>Opens a store, or skips the test where this machine has no peer for it.</summary>
    internal static async Task<OpenStore> OpenAsync(StoreKind kind, CancellationToken cancellationToken)
    {
        if (kind == StoreKind.Memory)
        {
            return new(new MemoryStore());
        }

        if (kind == StoreKind.DockerRegistry)
        {
            string? peer = Environment.GetEnvironmentVariable(RegistryVariable);
            Assert.SkipUnless(!string.IsNullOrEmpty(peer), $"{RegistryVariable} names no registry: run the tests with eng/test.sh.");
            RegistryClient toPeer = new();
            return new(toPeer.GetRepository(RegistryAddress.Parse(peer), RepositoryName.Parse($"contract/{Guid.NewGuid():n}")), client: toPeer);
        }

        TemporaryDirectory directory = TemporaryDirectory.Create();
        if (kind == StoreKind.Layout)
        {
            return new(new OciLayout(directory.PathOf("layout")), directory);
        }

        RegistryHost host = await RegistryHost.StartAsync(new() { Directory = directory.PathOf("registry") }, cancellationToken: cancellationToken);
        RegistryClient client = new();
        return new(client.GetRepository(host.Address, RepositoryName.Parse("contract/store")), directory, host, client);
    }

    public async ValueTask DisposeAsync()
    {
        (Store as IDisposable)?.Dispose();
        _client?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _directory?.Dispose();
    }
}
