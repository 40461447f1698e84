using System.Diagnostics;

namespace DevOps.Pipelines;

/// <summary>A process and all that it started: what has to go when it is ended before its time.</summary>
internal sealed class ProcessTree(Process process, string cookie)
{
    // Waits for the kernel, and so in its time and not in that of the run's clock.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(10);

    private readonly LinuxProcesses? _processes = OperatingSystem.IsLinux() && LinuxProcesses.AreVisible ? new(process.Id, cookie) : null;

    /// <summary>Tells all to end, and kills after a time what is still there.</summary>
    /// <exception cref="DevOpsException">The process itself cannot be ended.</exception>
    internal async Task EndAsync(TimeSpan gracePeriod, TimeProvider timeProvider)
    {
        if (gracePeriod > TimeSpan.Zero && !OperatingSystem.IsWindows())
        {
            using CancellationTokenSource over = new(gracePeriod, timeProvider);
            Terminate();
            while (!over.IsCancellationRequested && IsAlive())
            {
                await Task.WhenAny(Task.Delay(Pause, over.Token)).ConfigureAwait(false);
            }
        }

        await KillAsync().ConfigureAwait(false);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(LastWait).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new DevOpsException(
                $"Process {process.Id} ('{process.StartInfo.FileName}') is still there {LastWait.TotalSeconds:0} seconds after it was killed: it runs as another user, or the kernel waits for a device. End it by hand.", e);
        }
    }

    private bool IsAlive() => _processes is null ? !process.HasExited : _processes.Find().Count > 0;

    // Only once, and not to what is started after it: that may be what a program cleans up with.
    private void Terminate()
    {
        if (_processes is not null)
        {
            LinuxProcesses.Signal(_processes.Find(), ProcessSignals.Terminate);
        }
        else if (!process.HasExited)
        {
            _ = UnixSignal.Send(process.Id, ProcessSignals.Terminate);
        }
    }

    private async Task KillAsync()
    {
        if (_processes is null)
        {
            process.Kill(entireProcessTree: true);
            return;
        }

        // A process that is just becoming another program shows no environment for a moment: nothing is left only when that is seen twice.
        Stopwatch waited = Stopwatch.StartNew();
        for (int emptyLooks = 0; emptyLooks < 2 && waited.Elapsed < LastWait;)
        {
            IReadOnlyCollection<LinuxProcess> left = _processes.Find();
            if (left.Count == 0)
            {
                emptyLooks++;
            }
            else
            {
                emptyLooks = 0;
                LinuxProcesses.Signal(left, ProcessSignals.Kill);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2)).ConfigureAwait(false);
        }
    }
}
