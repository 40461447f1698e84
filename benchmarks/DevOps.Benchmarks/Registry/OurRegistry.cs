using System.Net;
using DevOps.Oci;
using DevOps.Registry.Server;

namespace DevOps.Benchmarks.Registries;

/// <summary>This SDK's registry, in this process.</summary>
internal sealed class OurRegistry : IAsyncDisposable
{
    private readonly string _directory;
    private RegistryHost _host;
    private int _count;

    private OurRegistry(string directory, RegistryHost host) => (_directory, _host) = (directory, host);

    internal RegistryAddress Address => _host.Address;

    internal static async Task<OurRegistry> StartAsync(string directory) => new(directory, await RegistryHost.StartAsync(new() { Directory = Path.Combine(directory, "0") }));

    /// <summary>Goes on with no content, at the same port.</summary>
    internal void Empty() => EmptyAsync().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task EmptyAsync()
    {
        int port = _host.Address.Port!.Value;
        await _host.DisposeAsync();
        Directory.Delete(Path.Combine(_directory, $"{_count}"), recursive: true);
        _host = await RegistryHost.StartAsync(new() { Directory = Path.Combine(_directory, $"{++_count}"), Endpoint = new(IPAddress.Loopback, port) });
    }
}
