namespace DevOps.Content;

/// <summary>What just happened to some content.</summary>
public enum ContentPhase
{
    /// <summary>Its bytes begin to move.</summary>
    Started,

    /// <summary>More of its bytes moved.</summary>
    Advanced,

    /// <summary>All its bytes moved and were verified.</summary>
    Copied,

    /// <summary>The target took it over without moving bytes.</summary>
    Mounted,

    /// <summary>The target held it already.</summary>
    Skipped,

    /// <summary>It was read and is what its descriptor names.</summary>
    Verified,
}
