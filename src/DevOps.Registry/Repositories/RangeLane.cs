using System.Buffers;
using System.IO.Pipelines;

namespace DevOps.Registry;

/// <summary>One of several connections that read a blob together: takes every n-th range, one after the other, and rests where as much as a range waits to be read.</summary>
internal sealed class RangeLane : IAsyncDisposable
{
    private const int SegmentBytes = 1 << 17;

    // What a segment has left beside it is not worth a read.
    private const int LeastReadBytes = 1 << 12;

    private readonly Pipe _pipe;
    private readonly Task _run;

    /// <summary>Begins to read.</summary>
    /// <param name="rangeBytes">How much may wait.</param>
    /// <param name="ranges">Gives the lane's ranges in order; the lane disposes them.</param>
    /// <param name="stop">Stops the reading.</param>
    internal RangeLane(int rangeBytes, IEnumerable<BlobBody> ranges, CancellationToken stop)
    {
        _pipe = new(new PipeOptions(pauseWriterThreshold: rangeBytes, resumeWriterThreshold: rangeBytes / 2, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));
        _run = Task.Run(() => RunAsync(ranges, stop), CancellationToken.None);
    }

    /// <summary>Gets why the lane ended before its last range did. Known once a read gave nothing.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Reads what comes next; nothing at the end of the lane.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReadResult result = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int count = (int)Math.Min(result.Buffer.Length, buffer.Length);
        ReadOnlySequence<byte> taken = result.Buffer.Slice(0, count);
        taken.CopyTo(buffer.Span);

        // The buffers belong to the other side from here on: nothing may be asked of them any more.
        _pipe.Reader.AdvanceTo(taken.End);
        return count;
    }

    /// <summary>Waits for the end of the reading, which whoever began it has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
    }

    private async Task RunAsync(IEnumerable<BlobBody> ranges, CancellationToken stop)
    {
        try
        {
            foreach (BlobBody range in ranges)
            {
                await using (range.ConfigureAwait(false))
                {
                    await FillAsync(range, stop).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            // What came before it is right and is read first; then the reader throws it.
            Failure = e;
        }

        await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
    }

    private async Task FillAsync(BlobBody range, CancellationToken stop)
    {
        int read;
        while ((read = await range.ReadAsync(_pipe.Writer.GetMemory(LeastReadBytes), stop).ConfigureAwait(false)) > 0)
        {
            _pipe.Writer.Advance(read);
            await _pipe.Writer.FlushAsync(stop).ConfigureAwait(false);
        }
    }
}
