using System.Net;

namespace DevOps.Registry;

/// <summary>A body that somebody reads or makes while it is sent. A connection that ends does not end that by itself; whoever sent the body can.</summary>
internal abstract class StoppableContent : HttpContent
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Stops the sending and waits until the content is left alone, for ever after. What went wrong in it is known to the body.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Sends the body.</summary>
    protected abstract Task WriteToAsync(Stream stream, CancellationToken cancellationToken);

    protected sealed override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _turn.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            await WriteToAsync(stream, either.Token).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }
}
