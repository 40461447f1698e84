using System.Runtime.ExceptionServices;

namespace DevOps.Archives.Packing;

/// <summary>The stages of one pack, each a task: the first that fails stops all, and nothing ends before every stage has let go of its buffers.</summary>
internal sealed class PackRun : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly List<Task> _stages = [];
    private readonly CancellationToken _caller;
    private ExceptionDispatchInfo? _fault;

    internal PackRun(BufferLane lane, int workers, CancellationToken cancellationToken)
    {
        (Lane, Workers) = (lane, workers);
        _caller = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Stopping = _stop.Token;
    }

    internal BufferLane Lane { get; }

    internal int Workers { get; }

    /// <summary>Gets the token that is cancelled by the caller and by the first failure.</summary>
    internal CancellationToken Stopping { get; }

    /// <summary>Starts a stage on the thread pool.</summary>
    internal void Start(Func<Task> stage) => _stages.Add(Task.Run(() => GuardAsync(stage), CancellationToken.None));

    /// <summary>Runs a stage in the caller's flow.</summary>
    internal async Task GuardAsync(Func<Task> stage)
    {
        try
        {
            await stage().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Calls code of the caller's, whose failure is one of the run.</summary>
    internal void Guard(Action call)
    {
        try
        {
            call();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Notes a failure, of which the first counts, and stops everything.</summary>
    internal void Fail(Exception exception)
    {
        if (exception is not OperationCanceledException || !Stopping.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(exception), null);
        }

        try
        {
            _stop.Cancel();
        }
        catch (AggregateException callbacks)
        {
            // Who registered with the token failed; everything is stopped all the same.
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(callbacks), null);
        }
    }

    /// <summary>Waits for all stages.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    internal async Task EndAsync()
    {
        await Task.WhenAll(_stages).ConfigureAwait(false);
        _fault?.Throw();
        _caller.ThrowIfCancellationRequested();
        Stopping.ThrowIfCancellationRequested();
    }

    public void Dispose() => _stop.Dispose();
}
