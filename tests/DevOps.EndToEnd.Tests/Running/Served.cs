using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace DevOps.EndToEnd.Tests;

/// <summary><c>devops serve</c> as a process, with what it says.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private Served(Process process, string address)
    {
        (_process, Address) = (process, address);
        _reading = ReadAsync();
    }

    internal string Address { get; }

    internal ConcurrentQueue<string> Lines { get; } = [];

    internal static async Task<Served> StartAsync(params string[] options)
    {
        Process process = Run.Start(Directory.GetCurrentDirectory(), Repository.Cli, ["serve", "--port", "0", .. options]);
        string line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException($"serve ended at once: {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        return new(process, line["listening on ".Length..]);
    }

    /// <summary>Sends a signal, and waits for the end.</summary>
    internal async Task<int> StopAsync(string signal)
    {
        (await Run.ProgramAsync("kill", $"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture))).Succeeded();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Lines.Enqueue(line);
        }
    }
}
