namespace DevOps.Pipelines;

/// <summary>What a command line asks a program to do.</summary>
internal enum ProgramCommand
{
    Run,
    List,
    Plan,
    Tree,
    Mermaid,
    DryRun,
    Runs,
    Show,
    Explain,
    Approve,
    Reject,
    Help,
    Version,
}
