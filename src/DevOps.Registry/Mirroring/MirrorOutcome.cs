namespace DevOps.Registry;

/// <summary>What became of a tag.</summary>
public enum MirrorOutcome
{
    /// <summary>Source and target agreed.</summary>
    UpToDate,

    /// <summary>It was copied, or something that belongs to it was.</summary>
    Copied,

    /// <summary>A dry run found that it would be copied.</summary>
    WouldCopy,

    /// <summary>It was removed from the target.</summary>
    Deleted,

    /// <summary>A dry run found that it would be removed from the target.</summary>
    WouldDelete,

    /// <summary>The source has it no longer, and it was left in the target for a reason that the result gives.</summary>
    DeletionRefused,

    /// <summary>A run before this one, which was not finished, had dealt with it.</summary>
    DoneBefore,

    /// <summary>It could not be mirrored; the result gives the reason.</summary>
    Failed,
}
