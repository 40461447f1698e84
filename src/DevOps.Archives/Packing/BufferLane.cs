using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Packing;

/// <summary>The memory of one pack: some of its own, so that it can always go on, and more when nobody else uses it.</summary>
internal sealed class BufferLane(CompressionPool pool, Allotment buffers, Allotment outputs) : IDisposable
{
    // The end of a segment is known only some way behind it: what has no border yet lies in two buffers, while another is filled.
    internal const int OwnBuffers = 3;
    internal const int OwnOutputs = 2;

    /// <summary>Gets or sets whether the lane counts among those that the pool has.</summary>
    internal bool IsCounted { get; init; } = true;

    internal async ValueTask<PackBuffer> RentAsync(CancellationToken cancellationToken)
    {
        bool isExtra = await buffers.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new(this, pool.TakeBuffer(), isExtra);
        }
        catch
        {
            buffers.Give(isExtra);
            throw;
        }
    }

    internal void Return(PackBuffer buffer)
    {
        pool.GiveBuffer(buffer.Memory);
        buffers.Give(buffer.IsExtra);
    }

    /// <summary>Waits for room for what a segment becomes, and for a worker.</summary>
    internal async ValueTask<Segment> StartSegmentAsync(int length, CancellationToken cancellationToken)
    {
        bool isExtra = await outputs.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NativeBuffer output = pool.TakeOutput();
            try
            {
                await pool.StartWorkAsync(cancellationToken).ConfigureAwait(false);
                return new(length, output, isExtra);
            }
            catch
            {
                pool.GiveOutput(output);
                throw;
            }
        }
        catch
        {
            outputs.Give(isExtra);
            throw;
        }
    }

    internal void EndSegment(Segment segment)
    {
        pool.GiveOutput(segment.Output);
        outputs.Give(segment.IsExtra);
    }

    /// <summary>Leaves the pool. All memory must be back.</summary>
    public void Dispose() => pool.Leave(this);

    /// <summary>Gets the most bytes that the room for a segment's output takes.</summary>
    internal static int OutputBytes => SegmentEncoder.MaxOutputBytes(SegmentRules.Version1.MaxSegmentBytes);
}
