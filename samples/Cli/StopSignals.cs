namespace Cli;

/// <summary>Stops the work at the first signal, and says at a later one that whoever sent it does not want to wait any longer.</summary>
/// <remarks>Signals that come with the first are the same wish: <c>timeout</c> signals a process and then its group, and some shells every process of a job.</remarks>
internal sealed class StopSignals(TimeProvider clock) : IDisposable
{
    /// <summary>How long signals belong to the first one.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private long? _first;

    /// <summary>Gets what ends with the first signal.</summary>
    internal CancellationToken Token => _stop.Token;

    /// <summary>Takes a signal, from any thread.</summary>
    /// <returns>Whether the program is to end at once, whatever it waits for.</returns>
    internal bool Receive()
    {
        lock (_lock)
        {
            if (_first is { } first)
            {
                return clock.GetElapsedTime(first) >= Grace;
            }

            _first = clock.GetTimestamp();
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work is done, and there is nothing left to stop.
        }

        return false;
    }

    public void Dispose() => _stop.Dispose();
}
