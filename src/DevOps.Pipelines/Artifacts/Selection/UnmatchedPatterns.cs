namespace DevOps.Pipelines;

/// <summary>What to do when a pattern chooses no file; empty directories are none.</summary>
public enum UnmatchedPatterns
{
    /// <summary>Each pattern must choose a file that nothing leaves out: a wrong path shows where it is written, not where the files are missed.</summary>
    Fail,

    /// <summary>The patterns together must choose a file.</summary>
    FailWhenAll,

    /// <summary>Nothing need be chosen.</summary>
    Allow,
}
