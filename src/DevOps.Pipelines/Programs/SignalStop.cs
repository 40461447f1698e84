using System.Runtime.InteropServices;

namespace DevOps.Pipelines;

/// <summary>Turns the signals that ask a process to end into the end of a run: the first stops it, the second no longer waits.</summary>
internal sealed class SignalStop : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _tell;
    private int _count;

    internal SignalStop(ProgramSignals signals, Action<string> tell, CancellationToken cancellationToken)
    {
        _tell = tell;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = signals == ProgramSignals.Leave ? [] : [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(signal => PosixSignalRegistration.Create(signal, Take))];
    }

    internal CancellationToken Token => _stop.Token;

    /// <summary>Gets what ends with the second signal.</summary>
    internal Task GaveUp => _gaveUp.Task;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    internal void Receive()
    {
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                _tell("stopping: jobs are told to stop, then what always runs is run; a second signal gives up waiting");
                try
                {
                    _stop.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // The run ended while the signal was on its way: there is nothing left to stop.
                }

                break;
            case 2:
                _gaveUp.TrySetResult();
                break;
        }
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Receive();
    }
}
