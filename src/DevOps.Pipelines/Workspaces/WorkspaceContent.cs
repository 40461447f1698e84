namespace DevOps.Pipelines;

/// <summary>Says what a workspace holds at the beginning.</summary>
public enum WorkspaceContent
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The files of <see cref="RunOptions.Directory"/> that git tracks, as they are there, changes that are not committed included.</summary>
    TrackedFiles,
}
