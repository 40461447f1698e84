namespace DevOps.Pipelines;

/// <summary>What a restore does with a file that is there already. Files that the artifact does not have stay in each case.</summary>
public enum ExistingFiles
{
    /// <summary>The artifact's file takes its place. A directory is not replaced by a file: that is an error, and nothing is changed.</summary>
    Replace,

    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>It is an error, and nothing is changed.</summary>
    Refuse,
}
