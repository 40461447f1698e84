using System.Threading.Channels;

namespace DevOps.Archives.Packing;

/// <summary>A stage that takes filled buffers in order, one at a time.</summary>
/// <remarks>When the run stops, what still comes is let go of without a look: no stage ends while a buffer may be on its way to it.</remarks>
internal abstract class PackStage
{
    private readonly Channel<PackBuffer> _buffers = Channel.CreateUnbounded<PackBuffer>(new() { SingleReader = true, SingleWriter = true });

    /// <summary>Hands a buffer over, which is held until it is done. Memory is bounded by who fills buffers.</summary>
    internal void Post(PackBuffer buffer)
    {
        buffer.Hold();
        _buffers.Writer.TryWrite(buffer);
    }

    /// <summary>Says that no buffer follows.</summary>
    internal void Complete() => _buffers.Writer.TryComplete();

    internal async Task RunAsync(PackRun run)
    {
        await foreach (PackBuffer buffer in _buffers.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (!run.Stopping.IsCancellationRequested)
            {
                await run.GuardAsync(() => TakeAsync(buffer, run)).ConfigureAwait(false);
            }

            buffer.Release();
        }

        await EndAsync(run).ConfigureAwait(false);
    }

    /// <summary>Works on a buffer, which may be held longer.</summary>
    protected abstract Task TakeAsync(PackBuffer buffer, PackRun run);

    /// <summary>Ends the work; called in any case, also when the run stops.</summary>
    protected abstract Task EndAsync(PackRun run);
}
