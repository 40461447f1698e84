namespace DevOps.Registry;

/// <summary>Whether a mirror changes its target.</summary>
public enum MirrorMode
{
    /// <summary>It does.</summary>
    Apply,

    /// <summary>It finds out what it would do, reads manifests for that, and changes nothing. No journal is written.</summary>
    DryRun,
}
