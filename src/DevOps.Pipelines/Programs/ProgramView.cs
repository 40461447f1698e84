namespace DevOps.Pipelines;

/// <summary>How a command line wants a run to be shown.</summary>
internal enum ProgramView
{
    /// <summary>As the terminal and the CI system allow.</summary>
    Best,
    Plain,
    Verbose,
    Quiet,
    Json,
}
