namespace DevOps.Pipelines;

/// <summary>What the build metadata of a derived version tells. Note that tags of images and Helm cannot hold it.</summary>
[Flags]
public enum GitVersionMetadata
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The first 12 digits of the commit's id.</summary>
    Commit = 1,

    /// <summary><c>dirty</c>, if a file of the checkout differs from the commit.</summary>
    Dirty = 2,
}
