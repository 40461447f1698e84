using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DevOps.Benchmarks.Comparison;

namespace DevOps.Benchmarks.Registries;

/// <summary>A registry in a process of its own, whose processor time can be read.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    internal Uri Address { get; }

    /// <summary>Gets the processor time that it took so far, user and system, in seconds.</summary>
    internal double CpuSeconds
    {
        get
        {
            // Source: proc(5): the fields behind the name, which may hold spaces; 14 and 15 of all are times in ticks.
            string[] fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Gets the most memory that it had, in bytes.</summary>
    internal long PeakBytes => PeakMemory.Of(_process.Id.ToString(CultureInfo.InvariantCulture));

    internal static int FreePort()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    internal static async Task<ServerProcess> StartAsync(int port, string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
                return new(process, new($"http://127.0.0.1:{port}/"));
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
