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

    internal static Task<Served> StartAsync(params string[] options) => StartAtAsync("127.0.0.1:0", options);

    internal static async Task<Served> StartAtAsync(string address, params string[] options)
    {
        Process process = Run.Start(Directory.GetCurrentDirectory(), Repository.Cli, ["serve", "--listen", address, .. options]);
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

    /// <summary>Sends a signal again and again, as somebody without patience, and waits for the end.</summary>
    internal async Task<int> SignalToTheEndAsync(string signal)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (!_process.HasExited)
        {
            _ = await Run.ProgramAsync("kill", $"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Ends it as a crash does: it has no say in that.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
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
