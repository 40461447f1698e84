using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using DevOps.Archives.Compression.Deflate;
using DevOps.Archives.Packing;

namespace DevOps.Archives.Compression;

/// <summary>The processor time and memory that packing and compressing may take, shared by all that goes on at once. Has no influence on the bytes.</summary>
/// <remarks>
/// Work runs on the thread pool of .NET. Memory: at most 30 MiB and 4 MiB for each worker, however much is packed at once; what finds no room waits for its turn, so a sink must not wait for the end of
/// another pack that started later. All of it is freed when nothing is packed. Safe for use by several threads.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore that is only awaited holds nothing to dispose.")]
public sealed class CompressionPool
{
    // A pack needs three buffers to go on: the end of a segment is known only some way behind it. More let its stages run beside each other.
    private const int Lanes = 3;
    private const int BuffersOfLane = 3;
    private const int ExtraBuffers = 2;
    private const int ExtraOutputs = 3;

    private readonly SemaphoreSlim _lanes = new(Lanes);
    private readonly SemaphoreSlim _extra = new(ExtraBuffers);
    private readonly SemaphoreSlim _outputs;
    private readonly SemaphoreSlim _workers;
    private readonly ConcurrentBag<NativeBuffer> _freeBuffers = [];
    private readonly ConcurrentBag<NativeBuffer> _freeOutputs = [];
    private readonly ConcurrentBag<SegmentEncoder> _freeEncoders = [];
    private int _packs;

    /// <summary>Creates a pool.</summary>
    /// <param name="workers">How many segments are compressed at once.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="workers"/> is less than 1.</exception>
    public CompressionPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        _workers = new(workers);
        _outputs = new(workers + ExtraOutputs);
    }

    /// <summary>Gets the pool of this process, which is used where none is given: a worker for each processor.</summary>
    public static CompressionPool Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>Gets how many segments are compressed at once.</summary>
    public int Workers { get; }

    /// <summary>Waits for a place among the packs.</summary>
    internal async ValueTask<BufferLane> EnterAsync(CancellationToken cancellationToken)
    {
        await _lanes.WaitAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _packs);
        return new(this, BuffersOfLane, _extra);
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _packs) == 0)
        {
            Trim();
        }

        _lanes.Release();
    }

    internal NativeBuffer TakeBuffer() => _freeBuffers.TryTake(out NativeBuffer? free) ? free : new(PackBuffer.CapacityBytes);

    internal void GiveBuffer(NativeBuffer buffer) => _freeBuffers.Add(buffer);

    /// <summary>Waits for a free worker and for room for what it writes.</summary>
    internal async ValueTask<NativeBuffer> StartSegmentAsync(CancellationToken cancellationToken)
    {
        await _outputs.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _workers.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _outputs.Release();
            throw;
        }

        return _freeOutputs.TryTake(out NativeBuffer? free) ? free : new(SegmentEncoder.MaxOutputBytes(SegmentRules.Version1.MaxSegmentBytes));
    }

    internal void EndWork() => _workers.Release();

    internal void EndSegment(NativeBuffer output)
    {
        _freeOutputs.Add(output);
        _outputs.Release();
    }

    internal SegmentEncoder TakeEncoder(DeflateLevel level)
    {
        SegmentEncoder encoder = _freeEncoders.TryTake(out SegmentEncoder? free) ? free : new(level);
        encoder.Level = level;
        return encoder;
    }

    internal void GiveEncoder(SegmentEncoder encoder) => _freeEncoders.Add(encoder);

    // What is taken again meanwhile is simply made anew.
    private void Trim()
    {
        while (_freeBuffers.TryTake(out NativeBuffer? buffer) || _freeOutputs.TryTake(out buffer))
        {
            buffer.Dispose();
        }

        while (_freeEncoders.TryTake(out SegmentEncoder? encoder))
        {
            encoder.Dispose();
        }
    }
}
