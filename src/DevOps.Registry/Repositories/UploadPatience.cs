using System.Runtime.ExceptionServices;

namespace DevOps.Registry;

/// <summary>How long an upload goes on trying: tries without progress are counted, and so are sessions that were lost, however far each came.</summary>
internal sealed class UploadPatience(UploadRequests requests)
{
    private const double FirstDelayMs = 250;

    private readonly RegistryTransport _transport = requests.Transport;
    private int _tries;
    private int _lostSessions;
    private long _countedFrom;

    /// <summary>Gets whether another try is left.</summary>
    internal bool IsLeft => _tries < _transport.Options.MaxRetries;

    /// <summary>Counts a try that failed.</summary>
    /// <exception cref="RegistryException">It was the last: the error.</exception>
    internal void Count(RegistryException error, long offset)
    {
        _transport.NoteResume(requests.Repository.Registry, requests.Repository.ToString(), error.Operation, offset, error);
        if (_tries++ >= _transport.Options.MaxRetries)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <summary>Counts a session that was lost: where all are, an upload would never end.</summary>
    /// <param name="cause">What broke the transfer; <see langword="null"/> if it was another process, which does not count.</param>
    /// <exception cref="RegistryException">It was the last: the cause.</exception>
    internal void CountLost(RegistryException? cause)
    {
        if (cause is not null && _lostSessions++ >= _transport.Options.MaxRetries)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    /// <summary>Takes note of how far the registry is. A few bytes with each broken connection are no progress: at five a time an upload would never end.</summary>
    /// <param name="offset">How far.</param>
    /// <param name="progressBytes">How many bytes more than at the last progress are new progress.</param>
    internal void Reach(long offset, long progressBytes)
    {
        if (offset - _countedFrom >= progressBytes)
        {
            (_tries, _countedFrom) = (0, offset);
        }
    }

    /// <summary>Takes note that the next try begins anew.</summary>
    internal void Restart() => _countedFrom = 0;

    /// <summary>Waits before the next try, longer each time.</summary>
    internal Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(
        TimeSpan.FromMilliseconds(Math.Min(FirstDelayMs * Math.Pow(2, _tries - 1), _transport.Options.MaxRetryDelay.TotalMilliseconds)), _transport.TimeProvider, cancellationToken);
}
