using DevOps.Benchmarks.Comparison;
using DevOps.Oci;

namespace DevOps.Benchmarks.Registries;

/// <summary>A process of the distribution project's registry.</summary>
internal sealed class TheirRegistry : IAsyncDisposable
{
    private readonly string _data;

    private TheirRegistry(ServerProcess process, string data) => (Process, _data) = (process, data);

    internal ServerProcess Process { get; }

    internal RegistryAddress Address => RegistryAddress.Parse(Process.Address.Authority);

    internal static async Task<TheirRegistry> StartAsync(string directory)
    {
        string program = Programs.Find("docker-registry") ?? throw new InvalidOperationException("docker-registry is not installed.");
        int port = ServerProcess.FreePort();
        Directory.CreateDirectory(directory);
        string data = Path.Combine(directory, "data");
        string configuration = Path.Combine(directory, "config.yml");
        await File.WriteAllTextAsync(configuration, $"version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\nstorage: {{ filesystem: {{ rootdirectory: \"{data}\" }} }}\nhttp: {{ addr: 127.0.0.1:{port} }}\n");
        return new(await ServerProcess.StartAsync(port, program, "serve", configuration), data);
    }

    /// <summary>Removes all content; it keeps none in memory.</summary>
    internal void Empty()
    {
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
