namespace DevOps.Pipelines;

/// <summary>Says which workspaces stay when their run has ended.</summary>
public enum KeptWorkspaces
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those of runs that failed.</summary>
    OfFailedRuns,

    /// <summary>All.</summary>
    All,
}
