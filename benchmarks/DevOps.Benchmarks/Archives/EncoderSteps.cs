using System.Runtime.InteropServices;
using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Benchmarks.Archives;

/// <summary>The steps of the encoder over one segment, one after the other, so that each can be timed: find, count, build codes, emit. Each works on what the one before left.</summary>
/// <remarks>Blocks are as long as they can be: where to end one early is the encoder's choice, and not repeated here.</remarks>
internal sealed unsafe class EncoderSteps : IDisposable
{
    private const int MaxBlockTokens = 65536;
    private const int MaxBlocks = 1024;
    private const int CodesOfBlock = 320;

    private readonly DeflateLevel _level;
    private readonly int _chunkTokens;
    private readonly List<(int Start, int Count)> _blocks = [];
    private readonly byte* _table;
    private readonly uint* _tokens;
    private readonly Histogram* _histograms;
    private readonly uint* _tables;
    private readonly uint* _scratch;
    private readonly byte* _output;

    internal EncoderSteps(DeflateLevel level)
    {
        int longest = SegmentRules.Version1.MaxSegmentBytes;
        _level = level;
        _chunkTokens = LevelFinder.ChunkTokens(level);
        _table = Allocate(LevelFinder.TableBytes(level));
        _tokens = (uint*)Allocate((longest + MaxBlockTokens) * sizeof(uint));
        _histograms = (Histogram*)Allocate((MaxBlocks + 1) * sizeof(Histogram));
        _tables = (uint*)Allocate(MaxBlocks * BlockEmitter.ScratchBytes);
        _scratch = (uint*)Allocate(Histogram.ScratchCount * sizeof(uint));
        _output = Allocate(2 * SegmentEncoder.MaxOutputBytes(longest));
    }

    /// <summary>Turns the segment into tokens.</summary>
    internal int Find(byte* input, int length)
    {
        NativeMemory.Clear(_table, (nuint)LevelFinder.TableBytes(_level));
        _blocks.Clear();
        FinderState state = default;
        int start = 0;
        int end = 0;
        while (state.Position < length)
        {
            end += LevelFinder.Find(_level, input, length, ref state, _table, _tokens + end);
            int raw = state.Misses >= RawRuns.TryAfterBytes ? RawRuns.Measure(input + state.Position, length - state.Position, _scratch) : 0;
            state.Position += raw;
            state.Misses = Math.Min(state.Misses, RawRuns.TryAfterBytes / 2);
            if (raw != 0 || end - start > MaxBlockTokens - _chunkTokens || state.Position == length)
            {
                _blocks.Add((start, end - start));
                start = end;
            }
        }

        return end;
    }

    /// <summary>Counts the tokens and weighs each chunk, alone and together with those before.</summary>
    internal ulong Count()
    {
        Histogram* chunk = _histograms + MaxBlocks;
        ulong cost = 0;
        for (int i = 0; i < _blocks.Count; i++)
        {
            Histogram* block = _histograms + i;
            *block = default;
            (int start, int count) = _blocks[i];
            for (int at = 0; at < count; at += _chunkTokens)
            {
                Histogram.CountTokens(_tokens + start + at, Math.Min(_chunkTokens, count - at), chunk, _scratch);
                block->Add(chunk);
                cost += chunk->Cost() + block->Cost();
            }
        }

        return cost;
    }

    /// <summary>Builds the codes of each block, and the tables that tokens are looked up in.</summary>
    internal int BuildCodes()
    {
        byte* lengths = stackalloc byte[2 * CodesOfBlock];
        byte* distances = lengths + CodesOfBlock;
        ushort* codes = stackalloc ushort[2 * CodesOfBlock];
        ushort* distanceCodes = codes + CodesOfBlock;
        for (int i = 0; i < _blocks.Count; i++)
        {
            uint* counts = (uint*)(_histograms + i);
            counts[DeflateFormat.EndOfBlock] = 1;
            PrefixCode.BuildLengths(counts, DeflateFormat.LengthSymbols, DeflateFormat.MaxCodeBits, lengths);
            PrefixCode.BuildLengths(counts + Histogram.DistanceStart, DeflateFormat.DistanceSymbols, DeflateFormat.MaxCodeBits, distances);
            PrefixCode.BuildCodes(lengths, DeflateFormat.LengthSymbols, codes);
            PrefixCode.BuildCodes(distances, DeflateFormat.DistanceSymbols, distanceCodes);
            uint* first = TablesOf(i);
            BlockEmitter.FillTables(lengths, codes, distances, distanceCodes, first, first + Tokens.FirstIndexes);
        }

        return _blocks.Count;
    }

    /// <summary>Writes the tokens as bits.</summary>
    internal long Emit()
    {
        BitOutput output = new(_output);
        for (int i = 0; i < _blocks.Count; i++)
        {
            (int start, int count) = _blocks[i];
            uint* first = TablesOf(i);
            BlockEmitter.WriteTokens(ref output, _tokens + start, count, first, first + Tokens.FirstIndexes);
        }

        return output.Next - _output;
    }

    public void Dispose()
    {
        foreach (nint memory in new[] { (nint)_table, (nint)_tokens, (nint)_histograms, (nint)_tables, (nint)_scratch, (nint)_output })
        {
            NativeMemory.AlignedFree((void*)memory);
        }
    }

    private uint* TablesOf(int block) => (uint*)((byte*)_tables + (block * BlockEmitter.ScratchBytes));

    private static byte* Allocate(int length) => (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
}
