using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>The buffers of one pack: some of its own, so that it can always go on, and more when nobody else uses them.</summary>
internal sealed class BufferLane(CompressionPool pool, int ownBuffers, SemaphoreSlim extra) : IDisposable
{
    private readonly SemaphoreSlim _own = new(ownBuffers);

    internal async ValueTask<PackBuffer> RentAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_own.Wait(0, CancellationToken.None))
        {
            return new(this, pool.TakeBuffer(), isExtra: false);
        }

        if (extra.Wait(0, CancellationToken.None))
        {
            return new(this, pool.TakeBuffer(), isExtra: true);
        }

        await _own.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new(this, pool.TakeBuffer(), isExtra: false);
    }

    internal void Return(PackBuffer buffer)
    {
        pool.GiveBuffer(buffer.Memory);
        (buffer.IsExtra ? extra : _own).Release();
    }

    /// <summary>Leaves the pool. All buffers must be back.</summary>
    public void Dispose()
    {
        _own.Dispose();
        pool.Leave();
    }
}
