using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DevOps.Benchmarks.Comparison;
using DevOps.Oci;

namespace DevOps.Benchmarks.Registries;

/// <summary>A process of the distribution project's registry.</summary>
internal sealed class TheirRegistry : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _data;

    private TheirRegistry(Process process, string data, RegistryAddress address) => (_process, _data, Address) = (process, data, address);

    internal RegistryAddress Address { get; }

    internal static async Task<TheirRegistry> StartAsync(string directory)
    {
        string program = Programs.Find("docker-registry") ?? throw new InvalidOperationException("docker-registry is not installed.");
        int port;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        Directory.CreateDirectory(directory);
        string data = Path.Combine(directory, "data");
        string configuration = Path.Combine(directory, "config.yml");
        await File.WriteAllTextAsync(configuration, $"version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\nstorage: {{ filesystem: {{ rootdirectory: \"{data}\" }} }}\nhttp: {{ addr: 127.0.0.1:{port} }}\n");
        Process process = Process.Start(new ProcessStartInfo(program, ["serve", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (true)
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return new(process, data, RegistryAddress.Parse($"127.0.0.1:{port}"));
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Removes all content; it keeps none in memory.</summary>
    internal void Empty()
    {
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
