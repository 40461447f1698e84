namespace DevOps.Registry.Server;

/// <summary>The time that one request has an upload for. Whoever ends the upload asks it to stop, and waits until it has.</summary>
/// <param name="end">What gives the upload back.</param>
internal sealed class UploadVisit(Action<UploadVisit> end) : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not disposed, since whoever asks to stop may come while the visit ends; it has neither a timer nor a handle.
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Gets what says that the upload is to end.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Asks the request to stop, and waits until it has given the upload back.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        end(this);
        _ended.TrySetResult();
    }
}
