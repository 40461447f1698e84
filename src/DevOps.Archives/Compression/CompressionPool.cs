using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using DevOps.Archives.Compression.Deflate;
using DevOps.Archives.Packing;

namespace DevOps.Archives.Compression;

/// <summary>The processor time and memory that packing and compressing may take, shared by all that goes on at once. Has no influence on the bytes.</summary>
/// <remarks>
/// Work runs on the thread pool of .NET. Memory: at most 32 MiB and 4 MiB for each worker, however much is packed at once, and freed when nothing is. Three packs go on at once, each with memory of its own
/// whatever the others do; a further one waits until one ends, so the output of a pack must not wait for a pack that starts after it. Content that is itself packed or compressed while it is read, in the same pool,
/// does not wait, and takes up to 8 MiB more. Safe for use by several threads.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore that is only awaited holds nothing to dispose.")]
public sealed class CompressionPool
{
    private const int MaxWorkers = 1024;
    private const int Lanes = 3;
    private const int ExtraBuffers = 2;

    private readonly SemaphoreSlim _lanes = new(Lanes);
    private readonly SemaphoreSlim _buffers;
    private readonly SemaphoreSlim _outputs;
    private readonly SemaphoreSlim _workers;
    private readonly ConcurrentBag<NativeBuffer> _freeBuffers = [];
    private readonly ConcurrentBag<NativeBuffer> _freeOutputs = [];
    private readonly ConcurrentBag<SegmentEncoder> _freeEncoders = [];

    // Whether the code at hand makes content for a pack in this pool.
    private readonly AsyncLocal<bool> _isInside = new();
    private int _packs;

    /// <summary>Creates a pool.</summary>
    /// <param name="workers">How many segments are compressed at once.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="workers"/> is less than 1 or above 1024.</exception>
    public CompressionPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers, MaxWorkers);
        Workers = workers;
        _workers = new(workers);
        _outputs = new(workers);
        _buffers = new(ExtraBuffers + (workers / 2));
    }

    /// <summary>Gets the pool of this process, which is used where none is given: a worker for each processor.</summary>
    public static CompressionPool Shared { get; } = new(Math.Min(Environment.ProcessorCount, MaxWorkers));

    /// <summary>Gets how many segments are compressed at once.</summary>
    public int Workers { get; }

    /// <summary>Waits for a place among the packs.</summary>
    internal async ValueTask<BufferLane> EnterAsync(CancellationToken cancellationToken)
    {
        // The pack that this is content of holds a place until it has all content: waiting for places here could be for ever.
        bool isCounted = !_isInside.Value;
        if (isCounted)
        {
            await _lanes.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Increment(ref _packs);
        return new(this, new(BufferLane.OwnBuffers, _buffers), new(BufferLane.OwnOutputs, _outputs)) { IsCounted = isCounted };
    }

    /// <summary>Marks what is called from here on, in this flow, as making content for a pack.</summary>
    internal void MarkInside() => _isInside.Value = true;

    internal void Leave(BufferLane lane)
    {
        if (Interlocked.Decrement(ref _packs) == 0)
        {
            Trim();
        }

        if (lane.IsCounted)
        {
            _lanes.Release();
        }
    }

    internal NativeBuffer TakeBuffer() => _freeBuffers.TryTake(out NativeBuffer? free) ? free : new(PackBuffer.CapacityBytes);

    internal void GiveBuffer(NativeBuffer buffer) => _freeBuffers.Add(buffer);

    internal NativeBuffer TakeOutput() => _freeOutputs.TryTake(out NativeBuffer? free) ? free : new(BufferLane.OutputBytes);

    internal void GiveOutput(NativeBuffer output) => _freeOutputs.Add(output);

    internal Task StartWorkAsync(CancellationToken cancellationToken) => _workers.WaitAsync(cancellationToken);

    internal void EndWork() => _workers.Release();

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
