using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Benchmarks.Archives;

/// <summary>The finder of each level, called as the encoder calls it.</summary>
internal static unsafe class LevelFinder
{
    /// <summary>Gets the levels that search for matches.</summary>
    internal static DeflateLevel[] Levels => [DeflateLevel.Fast, DeflateLevel.Default, DeflateLevel.Small];

    internal static int TableBytes(DeflateLevel level) => LevelSettings.Of(level).TableBytes;

    internal static int ChunkTokens(DeflateLevel level) => LevelSettings.Of(level).ChunkTokens;

    internal static int Find(DeflateLevel level, byte* input, int length, ref FinderState state, byte* table, uint* tokens) => level switch
    {
        DeflateLevel.Fast => FastFinder.Find(input, length, ref state, (ushort*)table, tokens, ChunkTokens(level)),
        DeflateLevel.Small => ChainFinder.Find(input, length, ref state, (ushort*)table, tokens, ChunkTokens(level)),
        _ => BucketFinder.Find(input, length, ref state, (ulong*)table, tokens, ChunkTokens(level)),
    };
}
