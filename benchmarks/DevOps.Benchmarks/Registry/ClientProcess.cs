using System.Diagnostics;
using System.Globalization;

namespace DevOps.Benchmarks.Registries;

/// <summary>A process of <see cref="MemoryClient"/>.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;

    private ClientProcess(Process process, long idleBytes) => (_process, IdleBytes) = (process, idleBytes);

    /// <summary>Gets the most memory that it had when it had pushed and pulled a small image, in bytes.</summary>
    internal long IdleBytes { get; }

    /// <summary>Starts it and waits until it has pushed and pulled a small image.</summary>
    internal static async Task<ClientProcess> StartAsync(Uri registry, int blobs, long blobBytes)
    {
        string[] arguments = ["memory-client", registry.Authority, blobs.ToString(CultureInfo.InvariantCulture), blobBytes.ToString(CultureInfo.InvariantCulture)];
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // As in a program that says nothing of its garbage collector; this one switches a part of it off.
        start.Environment["DOTNET_gcConcurrent"] = "1";
        Process process = Process.Start(start)!;
        return new(process, await ReadAsync(process));
    }

    /// <summary>Lets it do its work.</summary>
    /// <returns>The most memory that it had, in bytes.</returns>
    internal async Task<long> WorkAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        long peak = await ReadAsync(_process);
        await _process.WaitForExitAsync();
        return _process.ExitCode == 0 ? peak : throw new InvalidOperationException($"The client ended with exit code {_process.ExitCode}.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static async Task<long> ReadAsync(Process process) =>
        long.TryParse(await process.StandardOutput.ReadLineAsync(), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : throw new InvalidOperationException("The client failed.");
}
