namespace DevOps.Pipelines;

/// <summary>Gives each run a directory of its own to work in.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>Gets the directory that holds the workspaces, one for each run, named by the run.</summary>
    public required string Root { get; init; }

    /// <summary>Gets what a workspace holds at the beginning.</summary>
    /// <value><see cref="WorkspaceContent.Nothing"/> by default.</value>
    public WorkspaceContent Content { get; init; }

    /// <summary>Gets which workspaces stay when their run has ended.</summary>
    /// <value><see cref="KeptWorkspaces.None"/> by default. That of a run that was cancelled or left at an approval always stays, to be resumed.</value>
    public KeptWorkspaces Keep { get; init; }
}
