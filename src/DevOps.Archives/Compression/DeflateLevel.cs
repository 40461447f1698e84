namespace DevOps.Archives.Compression;

/// <summary>How much work is put into making content small. The bytes depend on the level, never on the machine.</summary>
public enum DeflateLevel
{
    /// <summary>Good: a third of the way between speed and size.</summary>
    Default,

    /// <summary>As fast as storage: for content that is used once or stays near.</summary>
    Fast,

    /// <summary>As small as the format allows at a bearable speed: for content that is downloaded often.</summary>
    Small,

    /// <summary>Not compressed, in the format of compressed content.</summary>
    Store,
}
