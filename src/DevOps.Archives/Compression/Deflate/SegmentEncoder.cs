using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DevOps.Archives.Packing;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>
/// Turns a segment into blocks of the format that know nothing of what was before, and end at a whole byte: segments that are encoded one by one, on any thread, make one stream when put behind each other.
/// </summary>
/// <remarks>The bytes depend on the segment and the level. One encoder serves one thread at a time, and any number of segments. Memory: half a MiB, and a segment where one is in several places; native, freed by <see cref="Dispose"/>.</remarks>
internal sealed unsafe class SegmentEncoder : IDisposable
{
    private const int MaxBlockTokens = 65536;

    private readonly byte* _memory;
    private readonly uint* _tokens;
    private readonly uint* _scratch;
    private readonly Histogram* _block;
    private readonly Histogram* _chunk;
    private readonly byte* _table;
    private NativeBuffer? _input;
    private LevelSettings _settings;
    private bool _disposed;

    internal SegmentEncoder(DeflateLevel level)
    {
        Level = level;
        nuint tokens = (nuint)(MaxBlockTokens + LevelSettings.MaxChunkTokens) * sizeof(uint);
        nuint scratch = (nuint)Math.Max(Histogram.ScratchCount * sizeof(uint), BlockEmitter.ScratchBytes);
        nuint histograms = (nuint)(2 * sizeof(Histogram));
        nuint table = (nuint)LevelSettings.MaxTableBytes;
        _memory = (byte*)NativeMemory.AlignedAlloc(tokens + scratch + histograms + table, 64);
        _tokens = (uint*)_memory;
        _scratch = (uint*)(_memory + tokens);
        _block = (Histogram*)((byte*)_scratch + scratch);
        _chunk = _block + 1;
        _table = (byte*)(_block + 2);
    }

    /// <summary>Gets or sets the level of the next segment; there is room for any.</summary>
    internal DeflateLevel Level
    {
        get;
        set => (field, _settings) = (value, LevelSettings.Of(value));
    }

    /// <summary>Gets the most bytes that a segment can become.</summary>
    internal static int MaxOutputBytes(int length) => length + (length >> 7) + 256;

    /// <summary>Encodes a segment.</summary>
    /// <param name="input">The segment; 16 bytes behind its end can be read, and do not matter.</param>
    /// <param name="length">Its length.</param>
    /// <param name="output">Has room for <see cref="MaxOutputBytes"/>.</param>
    /// <returns>How many bytes were written.</returns>
    internal int Encode(byte* input, int length, byte* output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        BitOutput bits = new(output);
        if (Level == DeflateLevel.Store)
        {
            if (length > 0)
            {
                BlockEmitter.WriteStored(ref bits, input, length);
            }
        }
        else
        {
            NativeMemory.Clear(_table, (nuint)_settings.TableBytes);
            EncodeBlocks(ref bits, input, length);
            if (bits.PendingBits != 0)
            {
                BlockEmitter.WriteStored(ref bits, input, 0);
            }
        }

        return (int)(bits.Next - output);
    }

    /// <summary>Gets room for a segment that is in several places, and is put together here.</summary>
    internal NativeBuffer Input => _input ??= new(SegmentRules.Version1.MaxSegmentBytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeBlocks(ref BitOutput bits, byte* input, int length)
    {
        FinderState state = default;
        int blockStart = 0;
        int blockTokens = 0;
        ulong blockCost = 0;
        while (state.Position < length)
        {
            int chunkStart = state.Position;
            int count = Find(input, length, ref state, _tokens + blockTokens);
            Histogram.CountTokens(_tokens + blockTokens, count, _chunk, _scratch);
            ulong chunkCost = _chunk->Cost();
            if (blockTokens == 0)
            {
                *_block = *_chunk;
                blockCost = chunkCost;
            }
            else
            {
                _chunk->Add(_block);
                ulong together = _chunk->Cost();
                if (together > blockCost + chunkCost + _settings.DescriptionCost)
                {
                    _chunk->Subtract(_block);
                    BlockEmitter.Write(ref bits, _tokens, blockTokens, _block, input + blockStart, chunkStart - blockStart, _scratch);
                    Buffer.MemoryCopy(_tokens + blockTokens, _tokens, count * sizeof(uint), count * sizeof(uint));
                    (blockStart, blockTokens, blockCost) = (chunkStart, 0, chunkCost);
                }
                else
                {
                    blockCost = together;
                }

                *_block = *_chunk;
            }

            blockTokens += count;
            int raw = state.Misses >= RawRuns.TryAfterBytes ? RawRuns.Measure(input + state.Position, length - state.Position, _scratch) : 0;
            if (raw != 0 || blockTokens > MaxBlockTokens - _settings.ChunkTokens || state.Position == length)
            {
                BlockEmitter.Write(ref bits, _tokens, blockTokens, _block, input + blockStart, state.Position - blockStart, _scratch);
                if (raw != 0)
                {
                    BlockEmitter.WriteStored(ref bits, input + state.Position, raw);
                    state.Position += raw;
                }

                (blockStart, blockTokens) = (state.Position, 0);
            }

            state.Misses = Math.Min(state.Misses, RawRuns.TryAfterBytes / 2);
        }
    }

    private int Find(byte* input, int length, ref FinderState state, uint* tokens) => Level switch
    {
        DeflateLevel.Fast => FastFinder.Find(input, length, ref state, (ushort*)_table, tokens, _settings.ChunkTokens),
        DeflateLevel.Small => ChainFinder.Find(input, length, ref state, (ushort*)_table, tokens, _settings.ChunkTokens),
        _ => BucketFinder.Find(input, length, ref state, (ulong*)_table, tokens, _settings.ChunkTokens),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _input?.Dispose();
            NativeMemory.AlignedFree(_memory);
        }
    }
}
