namespace DevOps.Pipelines;

/// <summary>Which files of a checkout are copied.</summary>
public enum GitCopyContent
{
    /// <summary>Those in the index: committed or staged.</summary>
    Tracked,

    /// <summary>And those that are neither tracked nor ignored.</summary>
    TrackedAndUntracked,
}
