namespace DevOps.Archives.Compression;

/// <summary>How much work is put into making content small. The bytes depend on the level, never on the machine.</summary>
public enum DeflateLevel
{
    /// <summary>About as small as zlib at its level 6, and more than twice as fast as that on one thread.</summary>
    Default,

    /// <summary>About as small as <c>igzip -1</c>, and twice as fast as <see cref="Default"/> on one thread: for content that is used once or stays near.</summary>
    Fast,

    /// <summary>Smaller than zlib at its level 9, and twice as fast as that on one thread: for content that is downloaded often.</summary>
    Small,

    /// <summary>Not compressed, in the format of compressed content.</summary>
    Store,
}
