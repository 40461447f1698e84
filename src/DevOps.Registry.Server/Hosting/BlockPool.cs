using System.Buffers;
using System.Collections.Concurrent;

namespace DevOps.Registry.Server;

/// <summary>Memory for what connections receive and send: huge blocks while few are in use, so that blobs move in few pieces, and what was asked for beyond, so that ten thousand connections that each hold a few bytes do not hold a huge block each.</summary>
/// <remarks>
/// At most <see cref="HugeBudgetBytes"/> are out as huge blocks at a time, unless less would not do, and as much is kept for the next who asks, whether he receives or sends: a pinned block that is dropped stays in memory until the oldest
/// generation is collected. The server's own pool has blocks of 4 KiB only: a blob of 128 MiB then is 32,768 pieces.
/// </remarks>
internal sealed class BlockPool : MemoryPool<byte>
{
    internal const int SmallBytes = 4 << 10;

    internal const int LargeBytes = 64 << 10;

    internal const int HugeBytes = 256 << 10;

    internal const long HugeBudgetBytes = 32 << 20;

    private readonly Shelf _small = new(SmallBytes, 4096);
    private readonly Shelf _large = new(LargeBytes, 256);
    private readonly Shelf _huge = new(HugeBytes, (int)(HugeBudgetBytes / HugeBytes));
    private long _out;

    /// <inheritdoc/>
    public override int MaxBufferSize => HugeBytes;

    /// <summary>Gets how many bytes are out in huge blocks.</summary>
    internal long OutBytes => Interlocked.Read(ref _out);

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, HugeBytes);
        if (Interlocked.Add(ref _out, HugeBytes) <= HugeBudgetBytes || minBufferSize > LargeBytes)
        {
            return _huge.Take(this);
        }

        Interlocked.Add(ref _out, -HugeBytes);
        return (minBufferSize > SmallBytes ? _large : _small).Take(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private void Returned(int bytes)
    {
        if (bytes == HugeBytes)
        {
            Interlocked.Add(ref _out, -bytes);
        }
    }

    private sealed class Shelf(int blockBytes, int kept)
    {
        private readonly ConcurrentQueue<Block> _blocks = new();
        private int _count;

        internal Block Take(BlockPool pool)
        {
            if (!_blocks.TryDequeue(out Block? block))
            {
                return new(pool, this, blockBytes);
            }

            Interlocked.Decrement(ref _count);
            block.IsOut = true;
            return block;
        }

        internal void Keep(Block block)
        {
            if (Interlocked.Increment(ref _count) <= kept)
            {
                _blocks.Enqueue(block);
            }
            else
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    private sealed class Block(BlockPool pool, Shelf shelf, int blockBytes) : IMemoryOwner<byte>
    {
        // Pinned once, since the kernel reads and writes it all its life.
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(blockBytes, pinned: true);
        private int _isOut = 1;

        internal bool IsOut { set => _isOut = value ? 1 : 0; }

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOut, 0) == 1)
            {
                pool.Returned(blockBytes);
                shelf.Keep(this);
            }
        }
    }
}
