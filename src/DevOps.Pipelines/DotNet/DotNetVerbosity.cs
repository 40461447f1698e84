namespace DevOps.Pipelines;

/// <summary>How much MSBuild tells.</summary>
public enum DotNetVerbosity
{
    /// <summary>Errors and warnings.</summary>
    Quiet,

    /// <summary>And what is built.</summary>
    Minimal,

    /// <summary>And what is done.</summary>
    Normal,

    /// <summary>And why.</summary>
    Detailed,

    /// <summary>All there is; properties and the environment among it, so that secrets may be.</summary>
    Diagnostic,
}
