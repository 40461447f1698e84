namespace DevOps.Archives.Compression.Deflate;

/// <summary>What a level asks of the stages around its finder.</summary>
/// <param name="TableBytes">The memory of the finder, which a segment starts with cleared.</param>
/// <param name="ChunkTokens">After how many tokens it is asked whether another block is worth its description.</param>
/// <param name="DescriptionCost">What the description of another block's codes is taken to cost, in units of 1/<see cref="BitCost.One"/> bit.</param>
/// <remarks>
/// Smaller chunks find better borders, down to about a thousand tokens, and cost time. A chunk of literals that nothing makes smaller takes five bytes more than they are:
/// with fewer than 640 tokens a chunk, <see cref="SegmentEncoder.MaxOutputBytes"/> would have to grow.
/// </remarks>
internal readonly record struct LevelSettings(int TableBytes, int ChunkTokens, ulong DescriptionCost)
{
    internal const int MaxChunkTokens = 8192;
    internal const int MaxTableBytes = ChainTable.Bytes;

    internal static LevelSettings Of(DeflateLevel level) => level switch
    {
        DeflateLevel.Store => default,
        DeflateLevel.Fast => new(FastFinder.TableBytes, MaxChunkTokens, DescriptionCost: 900 * BitCost.One),
        DeflateLevel.Small => new(ChainTable.Bytes, ChunkTokens: 1024, DescriptionCost: 700 * BitCost.One),
        _ => new(BucketFinder.TableBytes, ChunkTokens: 4096, DescriptionCost: 900 * BitCost.One),
    };
}
