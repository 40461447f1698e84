namespace DevOps.Archives.Compression.Deflate;

/// <summary>How far the search for matches is in a segment.</summary>
internal struct FinderState
{
    /// <summary>The first byte that no token stands for yet.</summary>
    internal int Position;

    /// <summary>How many bytes were passed since the last match.</summary>
    internal int Misses;
}
